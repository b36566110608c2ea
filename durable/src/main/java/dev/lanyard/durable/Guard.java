package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The condition under which a change may be written: in which states it can happen is asked of
 * {@link State#on}, so that the SQL cannot say anything else.
 */
final class Guard {
  static final String START = in(State.Change.START);
  static final String DUE = in(State.Change.DUE);
  static final String COMPLETE = in(State.Change.COMPLETE);
  static final String RETRY = in(State.Change.RETRY);
  static final String TIME_OUT = in(State.Change.TIME_OUT);
  static final String LOSE = in(State.Change.LOSE);

  /** To be cancelled where it stands: what runs is told, and ends on its node. */
  static final String CANCEL_WAITING =
      in(statesFor(State.Change.CANCEL).stream().filter(state -> state != State.RUNNING).toList());

  static final String LIVE =
      in(Arrays.stream(State.values()).filter(state -> !state.isTerminal()).toList());

  private Guard() {}

  private static String in(State.Change change) {
    return in(statesFor(change));
  }

  private static String in(List<State> states) {
    return states.stream()
        .map(state -> "'" + state.name() + "'")
        .collect(Collectors.joining(", ", "state in (", ")"));
  }

  static List<State> statesFor(State.Change change) {
    return Arrays.stream(State.values()).filter(state -> isPossible(state, change)).toList();
  }

  private static boolean isPossible(State state, State.Change change) {
    try {
      state.on(change);
      return true;
    } catch (IllegalStateException impossible) {
      return false;
    }
  }
}
