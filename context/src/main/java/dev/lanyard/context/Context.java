package dev.lanyard.context;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A deadline, a cancellation signal and request-scoped values, carried through everything that a
 * request does. Go's {@code context.Context}; where the two differ, {@code docs/from-go.md} says so
 * and why.
 *
 * {@snippet :
 * try (CancellableContext ctx = Context.background().withTimeout(Duration.ofSeconds(2))) {
 *   User user = users.find(ctx, id); // gives up after two seconds, wherever it is by then
 *   ctx.throwIfDone();
 * }
 * }
 *
 * <p><b>Threads.</b> Every method may be called from any thread, by any number of them at once. A
 * context is immutable: the methods that begin with {@code with} return a new one and leave this
 * one as it is.
 *
 * <p><b>Life.</b> A context is live, and then done for ever. It is done when its owner cancels it,
 * when its deadline passes or when a context above it is done, whichever is first; that decides
 * {@link #err()}, {@link #cause()} and {@link #isDone()} in one step, and nothing changes them
 * again. A cancellation reaches every context below before {@link CancellableContext#cancel()}
 * returns. A context takes a place in its parent and a timer only while somebody listens to it or
 * below it: one that is forgotten is garbage like any other object.
 *
 * <p><b>Memory effects.</b> What a thread did before it cancelled a context <i>happens-before</i>
 * what another thread does after it saw the context done, by whichever method.
 *
 * <p><b>Rights.</b> Only a {@link CancellableContext} can be ended, by whoever derived it. Handing
 * on a context as {@code Context} hands on the signal, and {@link #current()} never hands out more
 * than that.
 *
 * @since 0.1
 */
public sealed interface Context permits CancellableContext, RootContext, Lineage {

  /**
   * The root: never done, no deadline, no values. For {@code main}, for tests, and for work that no
   * request waits for.
   *
   * @return always the same context
   */
  static Context background() {
    return Root.BACKGROUND;
  }

  /**
   * As {@link #background()}, and prints itself differently: it marks a place where someone has yet
   * to decide which context belongs.
   *
   * @return always the same context
   */
  static Context todo() {
    return Root.TODO;
  }

  /**
   * A root of its own, as {@link #background()} but with the given clock, that can tell who listens
   * below it. For tests and simulations.
   *
   * @param time the clock of everything derived from it
   * @return a new root
   */
  static RootContext root(TimeSource time) {
    return Root.on(Objects.requireNonNull(time, "a root needs a time source"));
  }

  /**
   * The context that {@link #run} or {@link #call} bound to this thread, or {@link #background()}.
   * It gives the signal and the values but no right to cancel, whatever was bound.
   *
   * <p>Prefer a parameter. This is for code whose signature belongs to someone else: log appenders,
   * drivers, callbacks.
   *
   * @return never null
   */
  static Context current() {
    return Current.context();
  }

  /**
   * The moment by which this context ends at the latest: the earliest deadline at or above it.
   *
   * @return {@link Deadline#NONE} when there is none, never null
   */
  Deadline deadline();

  /**
   * Completes, normally, when work on behalf of this context should stop. Nothing that a caller
   * does to the stage can end the context.
   *
   * <p>Asking is listening: this context then keeps its place in its parent until it ends. Where
   * the interest may end first, use {@link #onDone} or {@link #afterFunc}, which can be taken back.
   * Actions attached to the stage run as those of {@link #onDone} do: {@link #err()} may be seen
   * before the stage is complete, but never the other way round.
   *
   * @return the same stage each time; where {@link #isCancellable()} is false, a new one that never
   *     completes
   */
  CompletionStage<Void> done();

  /**
   * Why this context is done.
   *
   * @return null while it is live, then for ever the same {@link CancelledException} or {@link
   *     DeadlineExceededException}
   */
  @Nullable ContextException err();

  /**
   * The reason behind {@link #err()}: what was given to {@link
   * CancellableContext#cancel(Throwable)} or to {@link #withTimeout(Duration, Throwable)} for the
   * end that came first.
   *
   * @return null while it is live; the value of {@link #err()} when no reason was given
   */
  @Nullable Throwable cause();

  /**
   * The value that was bound to the key nearest to this context.
   *
   * @param key identity counts
   * @param <T> the type of the value
   * @return null when the key is not bound, or bound to null
   */
  <T> @Nullable T value(Key<T> key);

  /**
   * Whether this context is done. Costs a few nanoseconds at any depth; asked in a loop, it does
   * not read the clock.
   *
   * @return true exactly when {@link #err()} is not null
   */
  boolean isDone();

  /**
   * Whether this context can ever be done. False for roots, for {@link #withoutCancel()}, and for
   * values on top of those: where Go's {@code Done} is nil. Code that would register something can
   * then save the effort.
   *
   * @return true below any {@link CancellableContext}
   */
  boolean isCancellable();

  /**
   * For the loops of long work: does nothing while this context is live.
   *
   * @throws ContextException of the kind of {@link #err()}, with the cause and this thread's stack,
   *     once it is done
   */
  void throwIfDone();

  /**
   * The time that is left until {@link #deadline()}, for calls that want a timeout.
   *
   * @return zero once this context is done; never negative; the longest that fits into a {@code
   *     long} of nanoseconds without a deadline
   */
  Duration remaining();

  /**
   * A child that its owner can cancel.
   *
   * @return live, unless this context is done
   */
  CancellableContext withCancel();

  /**
   * A child that ends after the given time, counted from now. Zero or less gives a child that is
   * done.
   *
   * @param timeout any duration
   * @return the child; if this context ends earlier, so does the child
   */
  CancellableContext withTimeout(Duration timeout);

  /**
   * As {@link #withTimeout(Duration)}, with the cause to give when it is this timeout that ends the
   * child.
   *
   * @param timeout any duration
   * @param cause null for none
   * @return the child
   */
  CancellableContext withTimeout(Duration timeout, @Nullable Throwable cause);

  /**
   * A child that ends at the given moment. A deadline in the past gives a child that is done; one
   * later than that of this context changes nothing.
   *
   * @param deadline {@link Deadline#NONE} for a plain {@link #withCancel()}
   * @return the child
   */
  CancellableContext withDeadline(Deadline deadline);

  /**
   * As {@link #withDeadline(Deadline)}, for a moment on the wall clock. The distance is measured
   * once, now.
   *
   * @param deadline any instant
   * @return the child
   */
  CancellableContext withDeadline(Instant deadline);

  /**
   * As {@link #withDeadline(Deadline)}, with the cause to give when it is this deadline that ends
   * the child.
   *
   * @param deadline {@link Deadline#NONE} for a plain {@link #withCancel()}
   * @param cause null for none
   * @return the child
   */
  CancellableContext withDeadline(Deadline deadline, @Nullable Throwable cause);

  /**
   * A context that also carries a value. It ends with this one and has no end of its own.
   *
   * @param key identity counts
   * @param value null hides a binding further up
   * @param <T> the type of the value
   * @return a new context
   */
  <T> Context withValue(Key<T> key, @Nullable T value);

  /**
   * The values of this context without its deadline and its cancellation: for work that must
   * outlive the request that asked for it. It is live whatever happens to this context, and a root
   * for what is derived from it. It keeps what the values refer to in memory.
   *
   * @return a context that is never done
   */
  Context withoutCancel();

  /**
   * A child with the values of this context that ends with whichever of the two ends first, with
   * that one's err and cause; with this one's if both ended in the same nanosecond.
   *
   * @param other the second context to end with; its values are not seen
   * @return the child
   */
  CancellableContext linkedTo(Context other);

  /**
   * Runs an action once this context is done, on a virtual thread of its own; at once when it is
   * done already. Cancelling never waits for it. An exception that it throws goes to the thread's
   * uncaught exception handler. Until it fires, no thread exists for it.
   *
   * @param action may block
   * @return takes the action away
   */
  Registration afterFunc(Runnable action);

  /**
   * Runs an action once this context and everything below it is done, on the thread that ends it
   * (for a deadline, the library's timer thread); on this thread before this method returns when it
   * is done already. No lock is held meanwhile. An exception that it throws goes to the thread's
   * uncaught exception handler and stops nobody else.
   *
   * <p>A context's own actions run before those of contexts below it; beyond that there is no
   * order.
   *
   * @param action short and non-blocking; anything else belongs into {@link #afterFunc}
   * @return takes the action away
   */
  Registration onDone(Runnable action);

  /**
   * Waits until this context is done.
   *
   * @throws InterruptedException if this thread is interrupted first
   */
  void await() throws InterruptedException;

  /**
   * Waits until this context is done, but not longer than the given time.
   *
   * @param timeout zero or less does not wait
   * @return whether it is done
   * @throws InterruptedException if this thread is interrupted first
   */
  boolean await(Duration timeout) throws InterruptedException;

  /**
   * Waits for a result, but not longer than this context lives. A result that is there is returned,
   * also when this context is done. The stage itself is left alone: whoever gives up here may want
   * to cancel it.
   *
   * @param stage what to wait for
   * @param <T> the type of its result
   * @return its result
   * @throws ContextException as soon as this context is done
   * @throws CompletionException if the stage fails, with its failure as cause, as {@code
   *     CompletableFuture.join} does
   * @throws InterruptedException if this thread is interrupted first
   */
  <T extends @Nullable Object> T await(CompletionStage<T> stage) throws InterruptedException;

  /**
   * Sleeps on the clock of this context.
   *
   * @param duration zero or less only checks
   * @throws ContextException as soon as this context is done
   * @throws InterruptedException if this thread is interrupted first
   */
  void sleep(Duration duration) throws InterruptedException;

  /**
   * Calls an operation that sees this context as {@link #current()}, also in what it calls, but not
   * on other threads: for those there is {@link #wrap(Executor)} and {@link Group}. The operation
   * runs even if this context is done.
   *
   * @param operation what to call
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result
   * @throws X if the operation does
   */
  <T extends @Nullable Object, X extends Throwable> T call(
      ScopedValue.CallableOp<? extends T, X> operation) throws X;

  /**
   * As {@link #call}, without a result.
   *
   * @param operation what to run
   */
  void run(Runnable operation);

  /**
   * As {@link #call}, and blocking code inside is interrupted when this context ends. The interrupt
   * is this method's own business: none is left behind on the thread, and regions may be nested.
   * The flag of a thread is one bit: an interrupt that somebody else sends while ours is pending
   * cannot be told from it, unless the operation reports one of the two.
   *
   * <p>An interrupt ends waiting (sleep, queues, locks that can be interrupted). It <b>closes</b>
   * sockets and channels that the operation is blocked in, and it does nothing to code that only
   * computes: that asks {@link #throwIfDone()}.
   *
   * @param operation what to call; not called at all if this context is done
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result, also when this context has ended meanwhile
   * @throws X if the operation does and this context did not interrupt it
   * @throws ContextException if this context is done, or interrupted the operation and it failed:
   *     then with its exception as suppressed
   */
  <T extends @Nullable Object, X extends Throwable> T callInterruptibly(
      ScopedValue.CallableOp<? extends T, X> operation) throws X;

  /**
   * Calls an operation that is not interrupted on behalf of any context: what {@link
   * #callInterruptibly} around it would deliver waits until the operation has returned, and so does
   * an interrupt that had already arrived. For a call into code that an interrupt breaks (a
   * database driver, whose socket it would close) and that is told to stop in another way. An
   * interrupt that someone else sends meanwhile cannot be held back.
   *
   * @param operation what to call, on this thread; it should be told of the end by {@link #onDone}
   *     or {@link #afterFunc}, because nothing else stops it
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result
   * @throws X if the operation does
   */
  static <T extends @Nullable Object, X extends Throwable> T shielded(
      ScopedValue.CallableOp<? extends T, X> operation) throws X {
    return InterruptRegion.shielded(
        Objects.requireNonNull(operation, "there is nothing to call behind a shield"));
  }

  /**
   * The same task with this context as {@link #current()} on whichever thread runs it.
   *
   * @param task what to run
   * @return runs it
   */
  Runnable wrap(Runnable task);

  /**
   * As {@link #wrap(Runnable)}, with a result.
   *
   * @param task what to call
   * @param <T> the type of its result
   * @return calls it
   */
  <T extends @Nullable Object> Callable<T> wrap(Callable<T> task);

  /**
   * An executor whose tasks see this context as {@link #current()}.
   *
   * @param executor runs them
   * @return wraps each task
   */
  Executor wrap(Executor executor);
}
