package dev.lanyard.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what happens, to compare the whole story. */
final class Trail implements Consumer<TaskEvent> {
  private final List<TaskEvent> events = new ArrayList<>();

  @Override
  public synchronized void accept(TaskEvent event) {
    events.add(event);
    notifyAll();
  }

  synchronized List<TaskEvent> events() {
    return List.copyOf(events);
  }

  /** What happened to a task. */
  synchronized List<String> of(String name) {
    return events.stream().filter(e -> e.task().name().equals(name)).map(Trail::word).toList();
  }

  /** What happened of one kind, by the names of the tasks. */
  synchronized List<String> namesOf(Class<? extends TaskEvent> kind) {
    return events.stream().filter(kind::isInstance).map(e -> e.task().name()).toList();
  }

  /** Waits until an event is there; the timeout of the test is the limit. */
  synchronized void awaitEvent(Class<? extends TaskEvent> kind, int count)
      throws InterruptedException {
    while (events.stream().filter(kind::isInstance).count() < count) wait();
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
