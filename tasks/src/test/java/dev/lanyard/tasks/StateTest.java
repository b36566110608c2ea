package dev.lanyard.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.tasks.State.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateTest {
  private static final Pattern ARROW = Pattern.compile("(\\w+) --> (\\w+): (\\w+)");

  /** Rows are states, columns are changes, in the order of the two enums. */
  private static final String TABLE =
      """
                 due      start    complete   fail    retry     cancel     time_out   lose
      scheduled  pending  -        -          -       -         cancelled  -          -
      pending    -        running  -          -       -         cancelled  timed_out  -
      running    -        -        completed  failed  retrying  cancelled  timed_out  pending
      retrying   -        running  -          -       -         cancelled  timed_out  -
      completed  -        -        -          -       -         -          -          -
      failed     -        -        -          -       -         -          -          -
      cancelled  -        -        -          -       -         -          -          -
      timed_out  -        -        -          -       -         -          -          -
      """;

  @Test
  void theFunctionIsTheTable() {
    var table = new StringBuilder();
    for (State state : State.values()) {
      table.append(state);
      for (Change change : Change.values()) table.append(' ').append(next(state, change));
      table.append('\n');
    }
    String expected =
        TABLE
            .lines()
            .skip(1)
            .map(line -> line.replaceAll(" +", " ") + "\n")
            .reduce("", String::concat);
    assertThat(table).hasToString(expected);
  }

  @ParameterizedTest
  @EnumSource
  void aStateIsTerminalIfAndOnlyIfNothingCanHappenToIt(State state) {
    boolean somethingCan =
        Stream.of(Change.values()).anyMatch(change -> !next(state, change).equals("-"));
    assertThat(state.isTerminal()).isEqualTo(!somethingCan);
  }

  @Test
  void whatCannotHappenIsRefusedInWords() {
    assertThatThrownBy(() -> State.PENDING.on(Change.COMPLETE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("\"complete\" cannot happen to a task that is pending");
    assertThatThrownBy(() -> State.TIMED_OUT.on(Change.COMPLETE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a task that is timed_out stays so: \"complete\" cannot happen to it");
  }

  @Test
  void theDiagramInTheDocumentationIsTheFunction() throws IOException {
    var drawn = new TreeSet<String>();
    ARROW
        .matcher(Files.readString(Path.of("../docs/task-states.md")))
        .results()
        .forEach(arrow -> drawn.add(arrow.group()));
    var there = new TreeSet<String>();
    for (State state : State.values()) {
      for (Change change : Change.values()) {
        String next = next(state, change);
        if (!next.equals("-")) there.add(state + " --> " + next + ": " + change);
      }
    }
    assertThat(there).hasSizeGreaterThan(10);
    assertThat(drawn).isEqualTo(there);
  }

  private static String next(State state, Change change) {
    try {
      return state.on(change).toString();
    } catch (IllegalStateException impossible) {
      return "-";
    }
  }
}
