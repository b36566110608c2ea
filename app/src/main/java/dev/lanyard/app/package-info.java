/**
 * The program {@code lanyard}: {@link Main} knows the commands; each command has a package. What
 * several commands share are {@code input} (what people write) and {@code terminal} (what people
 * see).
 */
@NullMarked
package dev.lanyard.app;

import org.jspecify.annotations.NullMarked;
