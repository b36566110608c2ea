package dev.lanyard.tasks;

import java.util.Objects;

/**
 * A kind of task: its name, what its payloads are, and who does the work.
 *
 * {@snippet :
 * record Resize(Path image, int width) {}
 *
 * TaskKind<Resize> resize =
 *     new TaskKind<>("resize", Resize.class, (attempt, work) -> scale(attempt.context(), work));
 * }
 *
 * @param name as in {@link Task#kind()}
 * @param payload the class of the payloads
 * @param handler does the work
 * @param <P> the type of the payloads
 * @since 0.1
 */
public record TaskKind<P>(String name, Class<P> payload, TaskHandler<P> handler) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name is empty
   */
  public TaskKind {
    Objects.requireNonNull(name, "a kind of task needs a name");
    Objects.requireNonNull(payload, "a kind of task needs the class of its payloads");
    Objects.requireNonNull(handler, "a kind of task needs a handler");
    if (name.isBlank()) throw new IllegalArgumentException("the name of a kind of task is empty");
  }
}
