/**
 * Contexts in traces, meters and log lines: OpenTelemetry, Micrometer, Logback, Log4j 2 and
 * java.util.logging. Each part needs the library that it speaks to and none of the others.
 */
@NullMarked
package dev.lanyard.telemetry;

import org.jspecify.annotations.NullMarked;
