package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;

/** Refusals that several changes share, each in the same words. */
final class Refusals {
  private Refusals() {}

  static RefusedException unknown(String id) {
    return new RefusedException(Reason.UNKNOWN_TASK, "there is no task with the id " + id, null);
  }

  static RefusedException ended(String id, State state) {
    return new RefusedException(Reason.ENDED, "task " + id + " has ended: it is " + state, id);
  }
}
