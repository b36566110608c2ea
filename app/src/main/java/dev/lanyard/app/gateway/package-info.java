/** The command {@code lanyard gateway}: a reverse proxy by a file of routes. */
@NullMarked
package dev.lanyard.app.gateway;

import org.jspecify.annotations.NullMarked;
