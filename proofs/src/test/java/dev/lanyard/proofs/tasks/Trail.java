package dev.lanyard.proofs.tasks;

import dev.lanyard.tasks.State;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.testing.Eventually;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes down what a listener was told, to compare the whole story. */
final class Trail implements Consumer<TaskEvent> {
  private static final Set<String> ENDS =
      Arrays.stream(State.values())
          .filter(State::isTerminal)
          .map(State::toString)
          .collect(Collectors.toSet());

  private final List<TaskEvent> events = new ArrayList<>();

  @Override
  public synchronized void accept(TaskEvent event) {
    events.add(event);
  }

  /** What happened to a task after it was queued, which not every listener is told. */
  synchronized List<String> of(String name) {
    return events.stream()
        .filter(event -> event.task().name().equals(name))
        .filter(event -> !(event instanceof TaskEvent.Queued))
        .map(Trail::word)
        .toList();
  }

  /** As {@link #of}, once it has ended: a listener may be told after those who wait for the end. */
  List<String> ended(String name) {
    Eventually.holds(
        "the end of " + name + " is told", () -> of(name).stream().anyMatch(ENDS::contains));
    return of(name);
  }

  /** The names of the tasks that this happened to, in order. */
  synchronized List<String> namesOf(Class<? extends TaskEvent> kind) {
    return events.stream().filter(kind::isInstance).map(event -> event.task().name()).toList();
  }

  private static String word(TaskEvent event) {
    return switch (event) {
      case TaskEvent.Queued _ -> "queued";
      case TaskEvent.Started started -> "started " + started.attempt();
      case TaskEvent.Progressed progressed -> progressed.percent() + "%";
      case TaskEvent.Extended _ -> "extended";
      case TaskEvent.Retrying retrying -> "retrying after " + retrying.attempt();
      case TaskEvent.Finished finished -> finished.outcome().state().toString();
      case TaskEvent.Stuck _ -> "stuck";
    };
  }
}
