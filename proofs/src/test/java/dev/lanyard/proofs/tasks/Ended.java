package dev.lanyard.proofs.tasks;

import dev.lanyard.tasks.State;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended, in the words that every store has.
 *
 * @param state a terminal one
 * @param result as text; null for none
 * @param why what failed, or the cause that was given for a cancellation; null for none
 */
record Ended(State state, @Nullable String result, @Nullable String why) {}
