/** A concurrent task processor on contexts; depends on the JDK and {@code dev.lanyard.context}. */
module dev.lanyard.tasks {
  requires transitive dev.lanyard.context;
  requires java.net.http;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.tasks;
}
