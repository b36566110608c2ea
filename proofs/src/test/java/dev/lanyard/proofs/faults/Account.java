package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Deadline;
import dev.lanyard.durable.Counts;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.tasks.State;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of the tasks that were acknowledged.
 *
 * @param acknowledged how many
 * @param lost how many of them the database does not know
 * @param unfinished how many of them have no final state
 * @param finishedTwice how many tasks, acknowledged or not, have more than one end in their story
 * @param states where those stand that are known
 * @param reruns how many times tasks were taken from a node that was lost or left
 */
record Account(
    int acknowledged,
    int lost,
    int unfinished,
    int finishedTwice,
    Map<State, Integer> states,
    int reruns) {
  private static final int PAGE = 5_000;

  static Account of(TaskStore store, Collection<String> acknowledged) {
    int lost = 0;
    int unfinished = 0;
    var states = new EnumMap<State, Integer>(State.class);
    for (String id : acknowledged) {
      StoredTask task = store.find(id).orElse(null);
      if (task == null) {
        lost++;
        continue;
      }
      states.merge(task.state(), 1, Integer::sum);
      if (!task.state().isTerminal()) unfinished++;
    }
    var ends = new HashMap<String, Integer>();
    int reruns = 0;
    long last = 0;
    while (true) {
      List<StoredEvent> page = store.eventsAfter(last, PAGE);
      if (page.isEmpty()) break;
      last = page.getLast().id();
      for (StoredEvent event : page) {
        if (event.state().isTerminal() && isEnd(event)) ends.merge(event.task(), 1, Integer::sum);
        if (event.type() == StoredEvent.Type.LOST) reruns++;
      }
    }
    int twice = (int) ends.values().stream().filter(count -> count > 1).count();
    return new Account(acknowledged.size(), lost, unfinished, twice, states, reruns);
  }

  private static boolean isEnd(StoredEvent event) {
    return switch (event.type()) {
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> true;
      default -> false;
    };
  }

  /** Waits until nothing waits or runs any more. */
  static void settle(TaskStore store, Duration limit) {
    Eventually.holds(
        "all tasks have ended",
        Deadline.after(limit),
        () -> {
          Counts counts = store.counts();
          return counts.of(State.SCHEDULED) == 0
              && counts.of(State.PENDING) == 0
              && counts.of(State.RUNNING) == 0
              && counts.of(State.RETRYING) == 0;
        });
  }

  /** The promise. */
  Account balances() {
    assertThat(List.of(lost, unfinished, finishedTwice))
        .as("lost, unfinished, finished twice of " + this)
        .containsOnly(0);
    return this;
  }

  @Override
  public String toString() {
    return "acknowledged "
        + acknowledged
        + ", lost "
        + lost
        + ", unfinished "
        + unfinished
        + ", finished twice "
        + finishedTwice
        + ", states "
        + states
        + ", taken from a node "
        + reruns
        + " times";
  }
}
