package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What is current for OpenTelemetry: what it attached to this thread, or what our context carries,
 * whichever is the inner one.
 *
 * <p>Whoever attaches leaves a mark in what is attached: which context of ours was current then,
 * and what it carried. The mark decides:
 *
 * <ol>
 *   <li>Where nothing of ours is current, or it carries nothing for OpenTelemetry, what is attached
 *       counts.
 *   <li>Where ours still carries what it carried when that was attached, what is attached is the
 *       news, and counts: a deadline that was derived inside of {@code makeCurrent} hides no span.
 *   <li>Else ours was given another span since, and counts.
 * </ol>
 *
 * <p>A mark is a value of the context and not a context of another class: the storage of the Java
 * agent, over which this one may lie, knows its own class alone.
 */
final class JoinedStorage implements ContextStorage {
  /** Under which a context of theirs carries ours. */
  static final ContextKey<Context> OURS = ContextKey.named("dev.lanyard.context");

  private static final ContextKey<Mark> MARK = ContextKey.named("dev.lanyard.telemetry.mark");

  /** The one that OpenTelemetry uses; null before it uses any, and where ours came too late. */
  private static volatile @Nullable JoinedStorage used;

  private final ContextStorage below;

  private JoinedStorage(ContextStorage below) {
    this.below = below;
  }

  static ContextStorage over(ContextStorage below) {
    var storage = new JoinedStorage(below);
    used = storage;
    return storage;
  }

  @Override
  public Scope attach(io.opentelemetry.context.Context toAttach) {
    // Null is not allowed and yet ignored by those below, so that a tracer does not break a
    // program.
    return below.attach(toAttach == null ? null : marked(toAttach));
  }

  @Override
  public io.opentelemetry.context.@Nullable Context current() {
    io.opentelemetry.context.Context attached = below.current();
    Context ours = CurrentContext.ours();
    return ours == Context.background() ? attached : inner(ours, attached);
  }

  @Override
  public io.opentelemetry.context.Context root() {
    return below.root();
  }

  /** What would be current if this one of ours were bound now, on this thread. */
  static io.opentelemetry.context.Context inside(Context ours) {
    ContextStorage any = ContextStorage.get();
    JoinedStorage joined = used;
    io.opentelemetry.context.Context attached =
        joined == null ? any.current() : joined.below.current();
    if (ours != Context.background()) return inner(ours, attached);
    return attached == null ? any.root() : attached;
  }

  private static io.opentelemetry.context.Context inner(
      Context ours, io.opentelemetry.context.@Nullable Context attached) {
    Mark mark = attached == null ? null : attached.get(MARK);
    if (attached != null && mark != null && mark.ours == ours) return attached;
    Carried carried = Carried.by(ours);
    if (attached != null && hidesNothing(carried, mark)) return attached.with(OURS, ours);
    return carried.toTheirs().with(OURS, ours);
  }

  private static boolean hidesNothing(Carried carried, @Nullable Mark mark) {
    return carried.isNothing() || (mark != null && mark.carried.isSame(carried));
  }

  /** With the mark of this thread; this storage leaves it in all that is attached. */
  static io.opentelemetry.context.Context marked(io.opentelemetry.context.Context toAttach) {
    Context ours = CurrentContext.ours();
    var marked = toAttach.with(MARK, new Mark(ours, Carried.by(ours)));
    return ours == Context.background() || toAttach.get(OURS) != null
        ? marked
        : marked.with(OURS, ours);
  }

  private record Mark(Context ours, Carried carried) {}
}
