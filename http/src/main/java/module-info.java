/**
 * Requests that end with their caller: a client over java.net.http, and the headers that carry
 * deadline, trace and request id.
 */
module dev.lanyard.http {
  requires transitive dev.lanyard.context;
  requires transitive java.net.http;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.http;
}
