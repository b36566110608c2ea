/**
 * A reverse proxy that streams both ways, ends the work of callers that left, and spares services
 * that fail.
 */
@NullMarked
package dev.lanyard.gateway;

import org.jspecify.annotations.NullMarked;
