package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks: those for which everything that is not null holds. Begin with {@link #all()}.
 *
 * @param states in one of these; empty for any
 * @param kind of this kind
 * @param name with exactly this name
 * @param request for this request id
 * @param parent children of this task
 * @param root in the tree below this task, itself included
 * @param node running or last run on this node
 * @param text with this somewhere in id, name, kind or request id, whatever the case
 * @since 0.1
 */
public record TaskFilter(
    Set<State> states,
    @Nullable String kind,
    @Nullable String name,
    @Nullable String request,
    @Nullable String parent,
    @Nullable String root,
    @Nullable String node,
    @Nullable String text) {
  private static final TaskFilter ALL =
      new TaskFilter(Set.of(), null, null, null, null, null, null, null);

  /** Copies the states. */
  public TaskFilter {
    states = Set.copyOf(Objects.requireNonNull(states, "say in which states; none for any"));
  }

  /**
   * Every task.
   *
   * @return a filter that lets everything through
   */
  public static TaskFilter all() {
    return ALL;
  }

  /**
   * Whether this lets everything through.
   *
   * @return true if nothing is asked for
   */
  public boolean isAll() {
    return equals(ALL);
  }

  /**
   * In one of these states.
   *
   * @param states none for any
   * @return a filter
   */
  public TaskFilter in(State... states) {
    return new TaskFilter(Set.of(states), kind, name, request, parent, root, node, text);
  }

  /**
   * Of this kind.
   *
   * @param kind null for any
   * @return a filter
   */
  public TaskFilter ofKind(@Nullable String kind) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }

  /**
   * With exactly this name.
   *
   * @param name null for any
   * @return a filter
   */
  public TaskFilter named(@Nullable String name) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }

  /**
   * For this request.
   *
   * @param request null for any
   * @return a filter
   */
  public TaskFilter forRequest(@Nullable String request) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }

  /**
   * Children of this task.
   *
   * @param parent its id; null for any
   * @return a filter
   */
  public TaskFilter childrenOf(@Nullable String parent) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }

  /**
   * In the tree below this task, itself included.
   *
   * @param root its id; null for any
   * @return a filter
   */
  public TaskFilter below(@Nullable String root) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }

  /**
   * On this node.
   *
   * @param node its id; null for any
   * @return a filter
   */
  public TaskFilter onNode(@Nullable String node) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }

  /**
   * With this text in id, name, kind or request id.
   *
   * @param text null for any
   * @return a filter
   */
  public TaskFilter containing(@Nullable String text) {
    return new TaskFilter(states, kind, name, request, parent, root, node, text);
  }
}
