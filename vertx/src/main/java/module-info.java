/** A context for each request of Vert.x Web. */
module dev.lanyard.vertx {
  requires transitive dev.lanyard.context;
  requires transitive dev.lanyard.http;
  requires transitive io.vertx.core;
  requires transitive io.vertx.web;
  requires io.netty.common;
  requires io.netty.transport;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.vertx;
}
