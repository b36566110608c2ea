package dev.lanyard.context;

import java.util.ArrayList;
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
   * The topmost scopes that are linked, or their lanes; null where nobody will ask, so that the
   * background is shared by all threads and written by none.
   */
  private final @Nullable Set<Listener> listening;

  private final @Nullable Lineage origin;

  private Root(
      String description,
      TimeSource time,
      @Nullable Set<Listener> listening,
      @Nullable Lineage origin) {
    this.description = description;
    this.time = time;
    this.listening = listening;
    this.origin = origin;
  }

  static Root on(TimeSource time) {
    return new Root("context.Root", time, ConcurrentHashMap.newKeySet(), null);
  }

  Root detachedFrom(Lineage from) {
    return new Root(".WithoutCancel", time, listening, from);
  }

  TimeSource time() {
    return time;
  }

  void attached(Listener top) {
    if (listening != null) listening.add(top);
  }

  void detached(Listener top) {
    if (listening != null) listening.remove(top);
  }

  @Override
  public List<Context> listening() {
    if (listening == null) return List.of();
    var scopes = new ArrayList<Context>();
    for (Listener each : listening) {
      Scope scope = each instanceof Lanes lanes ? lanes.listenedTo() : each.below();
      if (scope != null) scopes.add(scope);
    }
    return List.copyOf(scopes);
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
