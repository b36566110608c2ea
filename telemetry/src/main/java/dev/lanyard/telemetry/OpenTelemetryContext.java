package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.http.Baggage;
import dev.lanyard.http.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Our context and OpenTelemetry's carry each other.
 *
 * {@snippet :
 * OpenTelemetryContext.install();   // first thing in main
 * ctx.run(() -> Span.current());    // the span that ctx carries, on whichever thread
 * }
 *
 * <p><b>Ours to theirs.</b> Once installed, {@code Span.current()}, {@code Baggage.current()} and
 * {@code Context.current()} of OpenTelemetry see what {@link Context#run}, {@code call} and {@code
 * wrap} bind: the span that was put there by {@link Spans} or {@link #into}, and where there is
 * none, our {@link TraceContext} as a span that records nothing. {@code makeCurrent} inside works
 * as ever. It stays in force under bindings inside of it, until one of ours brings another span. It
 * is a matter of its thread: work that is handed to another one with our context takes it along
 * only if {@link #into} has put it there.
 *
 * <p><b>Theirs to ours.</b> Each current context of OpenTelemetry carries ours, so whatever hands
 * theirs to another thread hands ours on. There {@link CurrentContext#get()} sees it, log lines do,
 * and {@link #of} takes it out. {@link Context#current()} does not: only a call can bind that.
 *
 * <p><b>Under the Java agent</b> the same holds for the program. What the agent itself has woven in
 * reads a storage of its own, and knows only what was made current: inside of {@link Spans#call}
 * and of {@link #call} that is done.
 *
 * <p>All methods may be called from any thread. None takes or returns null.
 *
 * @since 0.1
 */
public final class OpenTelemetryContext {
  private static final System.Logger LOG = System.getLogger(OpenTelemetryContext.class.getName());
  private static final AtomicBoolean ADDED = new AtomicBoolean();

  private OpenTelemetryContext() {}

  /**
   * Lets OpenTelemetry see our contexts, in the whole process. Call it before anything uses
   * OpenTelemetry: its storage is settled at the first use. A second call changes nothing.
   *
   * @return whether it does; if not, which is logged too, {@link #call} still makes what a context
   *     carries current
   */
  public static boolean install() {
    if (!ADDED.getAndSet(true)) {
      ContextStorage.addWrapper(JoinedStorage::over);
      CurrentContext.widen(OpenTelemetryContext::current);
      if (!isInstalled()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "OpenTelemetry was in use before, and will not see contexts that are bound:"
                + " call install() first");
      }
    }
    return isInstalled();
  }

  /**
   * Whether OpenTelemetry sees what is bound. Uses it, so nothing can be installed afterwards.
   *
   * @return by trying
   */
  public static boolean isInstalled() {
    TraceContext probe = TraceContext.newRoot();
    return Context.background()
        .withValue(TraceContext.KEY, probe)
        .<String, RuntimeException>call(() -> Span.current().getSpanContext().getSpanId())
        .equals(probe.spanId());
  }

  /**
   * What OpenTelemetry's context is, or would be, where one of ours is bound on this thread: with
   * its span, its baggage and itself.
   *
   * @param ctx ours
   * @return theirs
   */
  public static io.opentelemetry.context.Context from(Context ctx) {
    Objects.requireNonNull(ctx, "there is no context to take from");
    return JoinedStorage.inside(CurrentContext.withoutRights(ctx));
  }

  /**
   * Ours with all that theirs holds. To hand what is current to another thread: {@code into(ctx,
   * Context.current())}.
   *
   * @param ctx ours
   * @param theirs its span and its baggage take the place of ours, if it has any
   * @return a new context
   */
  public static Context into(Context ctx, io.opentelemetry.context.Context theirs) {
    Carried carried = Carried.by(ctx);
    return Carried.put(ctx, theirs, trace(theirs, carried), baggage(theirs, carried));
  }

  /**
   * Ours, out of theirs, with the span and the baggage that theirs has.
   *
   * @param theirs such as one that was captured on another thread
   * @return derived from {@link Context#background()} if it does not carry ours
   */
  public static Context of(io.opentelemetry.context.Context theirs) {
    Context ours = theirs.get(JoinedStorage.OURS);
    return into(ours == null ? Context.background() : ours, theirs);
  }

  /**
   * Calls an operation that sees ours as {@code Context.current()}, and what it carries as that of
   * OpenTelemetry, also where nothing could be installed and for what the Java agent has woven in.
   *
   * @param ctx ours
   * @param operation what to call
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result
   * @throws X if the operation does
   */
  public static <T extends @Nullable Object, X extends Throwable> T call(
      Context ctx, ScopedValue.CallableOp<? extends T, X> operation) throws X {
    io.opentelemetry.context.Context theirs = from(ctx);
    return ctx.<T, X>call(() -> {
      try (Scope _ = JoinedStorage.marked(theirs).makeCurrent()) {
        return operation.call();
      }
    });
  }

  /**
   * As {@link #call}, without a result.
   *
   * @param ctx ours
   * @param operation what to run
   */
  public static void run(Context ctx, Runnable operation) {
    OpenTelemetryContext.<@Nullable Void, RuntimeException>call(
        ctx,
        () -> {
          operation.run();
          return null;
        });
  }

  /** For each line of a log: nearly always, theirs has nothing that ours has not. */
  private static Context current() {
    io.opentelemetry.context.Context theirs = io.opentelemetry.context.Context.current();
    Context within = theirs.get(JoinedStorage.OURS);
    Context ours = within == null ? CurrentContext.ours() : within;
    Carried carried = Carried.by(ours);
    TraceContext trace = trace(theirs, carried);
    Baggage baggage = baggage(theirs, carried);
    return trace == carried.trace() && baggage == carried.baggage()
        ? ours
        : Carried.put(ours, theirs, trace, baggage);
  }

  private static @Nullable TraceContext trace(
      io.opentelemetry.context.Context theirs, Carried carried) {
    SpanContext span = Span.fromContext(theirs).getSpanContext();
    return span.isValid() ? TraceContexts.toOurs(span, carried.trace()) : carried.trace();
  }

  private static @Nullable Baggage baggage(
      io.opentelemetry.context.Context theirs, Carried carried) {
    var baggage = io.opentelemetry.api.baggage.Baggage.fromContextOrNull(theirs);
    if (baggage == null || carried.hasBaggageOf(theirs)) return carried.baggage();
    Baggage ours = Baggages.toOurs(baggage);
    return ours.equals(carried.baggage()) ? carried.baggage() : ours;
  }
}
