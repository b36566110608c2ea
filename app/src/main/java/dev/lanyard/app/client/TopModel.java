package dev.lanyard.app.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What {@code top} knows. Events change at once what they tell of, and lists are loaded again soon
 * after: an event does not say how urgent a task in the queue is among the others. Any thread.
 */
final class TopModel {
  /** The last ends that are kept. */
  static final int RECENT = 50;

  /** What is seen at one moment. */
  record View(
      Fields stats,
      List<TaskFacts> running,
      List<TaskFacts> queue,
      List<TaskFacts> recent,
      @Nullable String notice) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stale = lock.newCondition();

  @GuardedBy("lock")
  private Fields stats = Fields.NONE;

  @GuardedBy("lock")
  private Map<String, TaskFacts> running = new LinkedHashMap<>();

  @GuardedBy("lock")
  private List<TaskFacts> queue = List.of();

  @GuardedBy("lock")
  private final Deque<TaskFacts> recent = new ArrayDeque<>();

  @GuardedBy("lock")
  private @Nullable String notice = "connecting";

  @GuardedBy("lock")
  private boolean isStale = true;

  View view() {
    lock.lock();
    try {
      return new View(stats, List.copyOf(running.values()), queue, List.copyOf(recent), notice);
    } finally {
      lock.unlock();
    }
  }

  void on(ServerEvent event) {
    lock.lock();
    try {
      switch (event.type()) {
        case "stats" -> stats = event.data();
        case "progress" -> progressed(event.data());
        case "task" -> turned(event.data());
        case ServerEvent.LOST -> notice = "the connection is lost, trying again";
        case ServerEvent.CONNECTED -> {
          notice = null;
          soon();
        }
        default -> soon(); // reset, dropped: something was missed
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void progressed(Fields event) {
    running.computeIfPresent(
        event.text("task", ""), (_, task) -> task.with("progress", event.get("progress")));
  }

  @GuardedBy("lock")
  private void turned(Fields event) {
    String id = event.text("task", "");
    String state = event.text("state", "");
    if (state.equals("running")) {
      running.computeIfPresent(id, (_, task) -> task.with("deadline", event.get("deadline")));
      if (event.text("type", "").equals("started")) running.put(id, started(id, event));
    } else {
      running.remove(id);
    }
    if (TaskFacts.isOver(state) && event.text("type", "").equals(state)) {
      recent.addFirst(ended(id, event));
      if (recent.size() > RECENT) recent.removeLast();
    }
    soon();
  }

  private static TaskFacts started(String id, Fields event) {
    Map<Object, @Nullable Object> task = new LinkedHashMap<>(event.map());
    task.put("id", id);
    task.put("startedAt", event.get("at"));
    return new TaskFacts(new Fields(task));
  }

  private static TaskFacts ended(String id, Fields event) {
    Map<Object, @Nullable Object> task = new LinkedHashMap<>(event.map());
    task.put("id", id);
    task.put("finishedAt", event.get("at"));
    task.put("error", event.get("text"));
    return new TaskFacts(new Fields(task));
  }

  @GuardedBy("lock")
  private void soon() {
    isStale = true;
    stale.signalAll();
  }

  /** Returns when the lists are worth loading. */
  void awaitStale() throws InterruptedException {
    lock.lock();
    try {
      while (!isStale) stale.await();
      isStale = false; // what changes while they are loaded makes them stale again
    } finally {
      lock.unlock();
    }
  }

  void loaded(
      Fields newStats, List<Fields> newRunning, List<Fields> newQueue, List<Fields> newRecent) {
    lock.lock();
    try {
      stats = newStats;
      Map<String, TaskFacts> tasks = new LinkedHashMap<>();
      for (Fields task : newRunning) tasks.put(task.text("id", ""), new TaskFacts(task));
      running = tasks;
      List<TaskFacts> waiting = new ArrayList<>();
      for (Fields task : newQueue) waiting.add(new TaskFacts(task));
      queue = waiting;
      recent.clear();
      for (Fields task : newRecent) recent.addLast(new TaskFacts(task));
    } finally {
      lock.unlock();
    }
  }
}
