package dev.lanyard.context;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where cancellation begins: never done. Either the top of everything, or the values of another
 * context without its end.
 */
final class Root implements Lineage, RootContext {
  static final Root BACKGROUND = new Root("context.Background", TimeSource.system(), null, null);
  static final Root TODO = new Root("context.TODO", TimeSource.system(), null, null);

  private final String description;
  private final TimeSource time;

  /**
   * The topmost scopes that are linked; null where nobody will ask, so that the background is
   * shared by all threads and written by none.
   */
  private final @Nullable Set<Scope> listening;

  private final @Nullable Lineage origin;

  private Root(
      String description,
      TimeSource time,
      @Nullable Set<Scope> listening,
      @Nullable Lineage origin) {
    this.description = description;
    this.time = time;
    this.listening = listening;
    this.origin = origin;
  }

  static Root on(TimeSource time) {
    return new Root("context.Root", time, ConcurrentHashMap.newKeySet(), null);
  }

  Root detached(Lineage from) {
    return new Root(".WithoutCancel", time, listening, from);
  }

  TimeSource time() {
    return time;
  }

  /** Whether it remembers who listens, and so has to be told when somebody no longer does. */
  boolean isAsked() {
    return listening != null;
  }

  void attached(Scope top) {
    if (listening != null) listening.add(top);
  }

  void detached(Scope top) {
    if (listening != null) listening.remove(top);
  }

  @Override
  public List<Context> listening() {
    return listening == null ? List.of() : List.copyOf(listening);
  }

  @Override
  public Root root() {
    return this;
  }

  @Override
  public @Nullable Scope scope() {
    return null;
  }

  @Override
  public @Nullable Valued values() {
    return origin == null ? null : origin.values();
  }

  @Override
  public @Nullable Lineage parent() {
    return origin;
  }

  @Override
  public void describe(StringBuilder path) {
    path.append(description);
  }

  @Override
  public String toString() {
    return path();
  }
}
