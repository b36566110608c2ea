package dev.lanyard.telemetry;

import dev.lanyard.context.Context;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Takes our context along wherever Micrometer's context-propagation takes anything: across
 * Reactor's schedulers after {@code Hooks.enableAutomaticContextPropagation()}, with Spring's
 * {@code ContextPropagatingTaskDecorator}, with {@code ContextSnapshot.wrap}. Found by itself, as a
 * service.
 *
 * <p>What arrives is seen by {@link CurrentContext#get()} and stands on log lines, but {@link
 * Context#current()} cannot see it: nothing but a call can bind that. Bind it where it matters:
 *
 * {@snippet :
 * mono.map(order -> CurrentContext.get().call(() -> prices.find(order)))
 * }
 *
 * <p>To give one to a Reactor pipeline by hand: {@code mono.contextWrite(c ->
 * c.put(PropagatedContext.KEY, ctx))}.
 *
 * @since 0.1
 */
public final class PropagatedContext implements ThreadLocalAccessor<Context> {
  /** Under which the context stands in a snapshot, and in the context of a Reactor pipeline. */
  public static final String KEY = "dev.lanyard.context";

  /** For the service loader: nobody else needs one. */
  public PropagatedContext() {}

  @Override
  public Object key() {
    return KEY;
  }

  /**
   * The context of this thread.
   *
   * @return null if there is none
   */
  @Override
  public @Nullable Context getValue() {
    Context context = CurrentContext.ours();
    return context == Context.background() ? null : context;
  }

  @Override
  public void setValue(Context context) {
    CurrentContext.bring(CurrentContext.withoutRights(context));
  }

  @Override
  public void setValue() {
    CurrentContext.bring(Context.current());
  }
}
