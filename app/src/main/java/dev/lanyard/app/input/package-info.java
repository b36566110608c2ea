/**
 * What people write: task files, durations, sizes, places in a text. A text takes this road: {@link
 * dev.lanyard.app.input.Source} → {@link dev.lanyard.app.input.Document} (values with their places)
 * → {@link dev.lanyard.app.input.TaskFile} (tasks, or every problem of the file).
 */
@NullMarked
package dev.lanyard.app.input;

import org.jspecify.annotations.NullMarked;
