package dev.lanyard.app.input;

import dev.lanyard.tasks.Task;
import org.jspecify.annotations.Nullable;

/**
 * A task of the file before it has an id and knows its parent.
 *
 * @param id as the file gives it; null if it gives none
 * @param parent the id or name as the file gives it
 * @param task null if it cannot be made; a problem says why
 * @param terms of no use for a file that is run at once
 */
record Draft(
    Section section,
    @Nullable String name,
    @Nullable String id,
    @Nullable String parent,
    @Nullable Task task,
    Order.Terms terms) {}
