package dev.lanyard.proofs.tasks;

import dev.lanyard.tasks.Attempt;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A kind of task whose bodies a test writes in place, also where payloads go through a database.
 * Each script is a kind of its own, so that many tests share one database.
 */
final class Script {
  /** What a task does. */
  interface Body {
    @Nullable Object in(Attempt attempt) throws Exception;
  }

  /** The payload: which line of the script. */
  record Line(String of) {}

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Map<String, Body> bodies = new ConcurrentHashMap<>();
  private final String prefix = "s" + NUMBER.incrementAndGet() + "-";
  private final AtomicInteger lines = new AtomicInteger();

  final TaskKind<Line> kind =
      new TaskKind<>(prefix + "script", Line.class, (attempt, line) -> play(attempt, line));

  /** A task that does this, and has ample time for it. */
  Task task(String name, Body body) {
    String line = prefix + lines.incrementAndGet();
    bodies.put(line, body);
    return Task.of(name, kind, new Line(line)).withId(line).withTimeout(Contract.AMPLE);
  }

  private @Nullable Object play(Attempt attempt, Line line) throws Exception {
    Body body = bodies.get(line.of());
    if (body == null) throw new AssertionError("nobody wrote " + line);
    return body.in(attempt);
  }
}
