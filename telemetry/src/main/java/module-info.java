/**
 * Contexts in traces, meters and log lines. Everything that is not ours is optional: a part is
 * there for whoever has the library that it speaks to.
 */
module dev.lanyard.telemetry {
  requires transitive dev.lanyard.context;
  requires transitive dev.lanyard.http;
  requires static transitive dev.lanyard.jdbc;
  requires static transitive dev.lanyard.vertx;
  requires static transitive io.opentelemetry.api;
  requires static transitive io.opentelemetry.context;
  requires static io.opentelemetry.common;
  requires static transitive micrometer.core;
  requires static transitive context.propagation;
  requires static transitive ch.qos.logback.classic;
  requires static transitive ch.qos.logback.core;
  requires static transitive org.slf4j;
  requires static transitive org.apache.logging.log4j;
  requires static transitive org.apache.logging.log4j.core;
  requires static transitive java.logging;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.lanyard.telemetry;

  provides io.micrometer.context.ThreadLocalAccessor with
      dev.lanyard.telemetry.PropagatedContext;
  provides ch.qos.logback.classic.spi.Configurator with
      dev.lanyard.telemetry.LogbackFields;
  provides org.apache.logging.log4j.core.util.ContextDataProvider with
      dev.lanyard.telemetry.Log4jFields;
}
