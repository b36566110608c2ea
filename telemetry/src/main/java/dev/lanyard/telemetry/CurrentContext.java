package dev.lanyard.telemetry;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The context that this thread works for, whoever brought it here.
 *
 * <p>{@link Context#current()} knows what {@code run}, {@code call} and {@code wrap} have bound,
 * and nothing else can bind it: the binding ends with the call that made it, and cannot be set on a
 * thread from outside. Libraries that carry contexts from thread to thread on their own do just
 * that: they set something before they call a piece of code, and take it away afterwards. What they
 * bring is kept here beside the binding, and seen by log lines, by spans, and by who asks this
 * class:
 *
 * <ul>
 *   <li>context-propagation, hence Reactor and Spring: see {@link PropagatedContext};
 *   <li>OpenTelemetry, once {@link OpenTelemetryContext#install()} was called.
 * </ul>
 *
 * <p>Code that may run on such a thread, and wants a context from around it, asks {@link #get()}
 * and binds what it gets: {@code CurrentContext.get().run(...)}. Of several, the innermost counts.
 *
 * @since 0.1
 */
public final class CurrentContext {
  /** Whether a context was ever brought: until then nobody pays for the lookup. */
  private static volatile boolean brought;

  private static final ThreadLocal<@Nullable Brought> BROUGHT = new ThreadLocal<>();

  private static volatile @Nullable Supplier<Context> wider;

  private CurrentContext() {}

  /**
   * What is bound to this thread, or what was brought to it since.
   *
   * @return {@link Context#background()} if there is nothing; never a {@code CancellableContext}
   */
  public static Context get() {
    Supplier<Context> widest = wider;
    return widest == null ? ours() : widest.get();
  }

  /** Without what only OpenTelemetry knows. */
  static Context ours() {
    Context bound = Context.current();
    return brought ? innermost(bound) : bound;
  }

  /**
   * From now on, until something else is brought under the same binding. To bring what is bound is
   * to bring nothing.
   */
  static void bring(Context context) {
    Context bound = Context.current();
    Brought outer = outside(bound);
    if (context != bound) {
      brought = true;
      BROUGHT.set(new Brought(context, bound, outer));
    } else if (outer != null) {
      BROUGHT.set(outer);
    } else {
      BROUGHT.remove();
    }
  }

  /** From now on {@link #get()} asks this instead; it asks {@link #ours()}. */
  static void widen(Supplier<Context> widest) {
    wider = widest;
  }

  /** What is around a thread never gives the right to cancel. */
  static Context withoutRights(Context context) {
    return context instanceof CancellableContext
        ? context.<Context, RuntimeException>call(Context::current)
        : context;
  }

  private static Context innermost(Context bound) {
    for (Brought each = BROUGHT.get(); each != null; each = each.outer) {
      if (each.under == bound) return each.context;
    }
    return bound;
  }

  /** What was brought under bindings around this one. */
  private static @Nullable Brought outside(Context bound) {
    if (bound == Context.background()) return null;
    Brought all = BROUGHT.get();
    for (Brought each = all; each != null; each = each.outer) {
      if (each.under == bound) return each.outer;
    }
    return all;
  }

  /**
   * A context that was brought while another one was bound: inside of that, it is the inner one.
   */
  private record Brought(Context context, Context under, @Nullable Brought outer) {}
}
