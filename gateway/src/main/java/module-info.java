/**
 * A reverse proxy that streams both ways, ends the work of callers that left, and spares services
 * that fail.
 */
module dev.lanyard.gateway {
  requires transitive dev.lanyard.context;
  requires dev.lanyard.http;
  requires transitive dev.lanyard.vertx;
  requires io.github.resilience4j.circuitbreaker;
  requires io.github.resilience4j.core;
  requires transitive micrometer.core;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.gateway;
}
