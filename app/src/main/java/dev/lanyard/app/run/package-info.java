/** The command {@code lanyard run}: a batch of tasks in this process, and its report. */
@NullMarked
package dev.lanyard.app.run;

import org.jspecify.annotations.NullMarked;
