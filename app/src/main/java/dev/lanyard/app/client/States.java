package dev.lanyard.app.client;

import dev.lanyard.app.input.Nearest;
import dev.lanyard.app.input.Visible;
import dev.lanyard.tasks.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The states of the API, for completion and for mistakes in them. */
final class States extends ArrayList<String> {
  private static final long serialVersionUID = 1;

  static final List<String> ALL = which(_ -> true);

  States() {
    super(ALL);
  }

  static List<String> which(Predicate<State> wanted) {
    return Arrays.stream(State.values()).filter(wanted).map(State::toString).toList();
  }

  static void check(String state, ClientCommand command) {
    if (!ALL.contains(state)) throw command.wrongUsage(mistake("state", state, ALL));
  }

  static String mistake(String what, String found, List<String> known) {
    String nearest = Nearest.to(found, known);
    return "unknown "
        + what
        + " \""
        + Visible.of(found)
        + "\": "
        + (nearest != null
            ? "did you mean \"" + nearest + "\"?"
            : "expected one of " + String.join(", ", known));
  }
}
