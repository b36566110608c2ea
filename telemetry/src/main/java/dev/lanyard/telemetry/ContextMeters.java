package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;

/**
 * Counts how contexts end.
 *
 * {@snippet :
 * ContextMeters meters = ContextMeters.of(registry);
 * try (CancellableContext ctx = parent.withTimeout(Duration.ofSeconds(2))) {
 *   meters.watch("price lookup", ctx);
 *   ...
 * }
 * }
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>tags</th><th>what</th></tr>
 *   <tr><td>{@code lanyard.context.ended}</td><td>name, kind, cause</td><td>how many</td></tr>
 *   <tr><td>{@code lanyard.context.lateness}</td><td>name</td><td>for those that ended by their
 *       deadline, the time from there until their actions ran</td></tr>
 * </table>
 *
 * <p>{@code kind} is {@code cancelled} or {@code deadline_exceeded}; {@code cause} is the simple
 * name of the cause's class, and {@code none} where none was given: closing a context is a
 * cancellation without a cause. {@link RequestMeters} is for the requests of a server.
 *
 * <p>Any thread may use it.
 *
 * @since 0.1
 */
public final class ContextMeters {
  private final MeterRegistry registry;

  private ContextMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Counts in a registry.
   *
   * @param registry belongs to the caller
   * @return new
   */
  public static ContextMeters of(MeterRegistry registry) {
    return new ContextMeters(Objects.requireNonNull(registry, "meters need a registry"));
  }

  /**
   * Counts the end of a context when it comes.
   *
   * @param name of the kind of context: few different ones
   * @param ctx keeps its place in its parent until then
   * @return to count it no more, without its end
   */
  public Registration watch(String name, Context ctx) {
    Objects.requireNonNull(name, "a context needs a name to be counted under");
    return ctx.onDone(() -> ended(name, ctx));
  }

  private void ended(String name, Context ctx) {
    ContextException err = Objects.requireNonNull(ctx.err(), "it is done");
    registry
        .counter("lanyard.context.ended", "name", name, "kind", kind(err), "cause", cause(err))
        .increment();
    if (err.isTimeout()) {
      Duration lateness = ctx.deadline().remaining().negated();
      registry.timer("lanyard.context.lateness", "name", name).record(lateness);
    }
  }

  static String kind(ContextException err) {
    return err.isTimeout() ? "deadline_exceeded" : "cancelled";
  }

  private static String cause(ContextException err) {
    Throwable cause = err.getCause();
    if (cause == null) return "none";
    String name = cause.getClass().getSimpleName();
    return name.isEmpty() ? cause.getClass().getName() : name;
  }
}
