/**
 * {@code lanyard serve}: tasks in a database, behind an HTTP interface. What people configure takes
 * the road {@link dev.lanyard.app.server.Setting} → {@code Configuration} → {@code ServeSettings};
 * a request takes the road {@code Door} (who may come in) → {@code Routes} (the table of contents)
 * → a class of calls → {@code Answer}; what happens to tasks takes the road {@code EventFeed} →
 * {@code EventReader} → {@code EventsCall}.
 */
@NullMarked
package dev.lanyard.app.server;

import org.jspecify.annotations.NullMarked;
