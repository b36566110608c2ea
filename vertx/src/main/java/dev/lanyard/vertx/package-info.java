/** A context for each request of Vert.x Web. */
@NullMarked
package dev.lanyard.vertx;

import org.jspecify.annotations.NullMarked;
