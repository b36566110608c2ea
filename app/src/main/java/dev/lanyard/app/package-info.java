/**
 * The program {@code lanyard}. A run takes this road: {@link Main} → {@code RunCommand} → {@code
 * Source} (the text) → {@code Document} (values with their places) → {@code TaskFile} (tasks, or
 * every problem of the file) → the task processor → {@code Report} (what is shown).
 */
@NullMarked
package dev.lanyard.app;

import org.jspecify.annotations.NullMarked;
