/** What people see on a terminal: lines, progress bars, columns, colours. */
@NullMarked
package dev.lanyard.app.terminal;

import org.jspecify.annotations.NullMarked;
