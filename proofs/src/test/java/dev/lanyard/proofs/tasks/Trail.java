package dev.lanyard.proofs.tasks;

import dev.lanyard.tasks.TaskEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what a listener was told, to compare the whole story. */
final class Trail implements Consumer<TaskEvent> {
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
