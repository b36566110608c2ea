package dev.lanyard.context;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Work that is forked onto virtual threads and ends together: the first failure cancels the rest.
 * Go's {@code errgroup}.
 *
 * {@snippet :
 * try (Group group = Group.in(ctx).limit(8)) {
 *   for (Path file : files) group.fork(() -> digest(file));
 *   group.join();
 * }
 * }
 *
 * <p><b>Threads.</b> Any thread may fork, also a fork; a fork must not join or close its own group.
 * Each operation runs on a virtual thread of its own that sees the group's context as {@link
 * Context#current()} and is interrupted when that context ends.
 *
 * <p><b>Life.</b> The context of a group is a child of the one it was made in. It ends with the
 * first failure, when {@link #join} returns and when the group is closed; {@link #close()} also
 * waits until every fork has ended, so nothing that a group started outlives it.
 *
 * <p><b>Memory effects.</b> What a thread did before it forked happens-before the operation; what
 * the operation did happens-before the return of {@link #join}.
 *
 * @since 0.1
 */
public final class Group implements AutoCloseable {
  private static final int UNLIMITED = -1;

  private static final ThreadFactory THREADS = Thread.ofVirtual().name("lanyard-fork").factory();

  private final CancellableContext context;
  private final boolean failureCancels;

  /** Guards what follows. Held for a few instructions only, and never while code of others runs. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition slotFree = lock.newCondition();
  private final Condition allEnded = lock.newCondition();

  @GuardedBy("lock")
  private int limit = UNLIMITED;

  @GuardedBy("lock")
  private int running;

  @GuardedBy("lock")
  private @Nullable Throwable firstFailure;

  private Group(CancellableContext context, boolean failureCancels) {
    this.context = context;
    this.failureCancels = failureCancels;
  }

  /**
   * A group whose first failure cancels the rest.
   *
   * @param parent ends the group when it ends
   * @return an empty group, without a limit
   */
  public static Group in(Context parent) {
    return new Group(
        Lineage.of(parent, "cannot create a group in a null context").withCancel(), true);
  }

  /**
   * A group whose forks do not depend on each other: a failure is reported by {@link #join} but
   * cancels nothing, and the group can be used again after it. Go's zero {@code Group}.
   *
   * @param parent ends the group when it ends
   * @return an empty group, without a limit
   */
  public static Group independent(Context parent) {
    return new Group(
        Lineage.of(parent, "cannot create a group in a null context").withCancel(), false);
  }

  /**
   * Runs all operations and waits for them.
   *
   * @param parent ends them when it ends
   * @param operations may be empty
   * @param <T> the type of their results
   * @return the results, in the order of the operations
   * @throws ExecutionException if one fails; the others are cancelled
   * @throws ContextException if the parent ends first
   * @throws InterruptedException if this thread is interrupted; the operations are cancelled
   */
  public static <T> List<T> all(Context parent, Collection<? extends Callable<T>> operations)
      throws ExecutionException, InterruptedException {
    return all(parent, UNLIMITED, operations);
  }

  /**
   * As {@link #all(Context, Collection)}, with at most so many operations at once.
   *
   * @param parent ends them when it ends
   * @param limit negative for none
   * @param operations may be empty
   * @param <T> the type of their results
   * @return the results, in the order of the operations
   * @throws ExecutionException if one fails; the others are cancelled
   * @throws ContextException if the parent ends first
   * @throws InterruptedException if this thread is interrupted; the operations are cancelled
   */
  public static <T> List<T> all(
      Context parent, int limit, Collection<? extends Callable<T>> operations)
      throws ExecutionException, InterruptedException {
    Objects.requireNonNull(operations, "there are no operations to run");
    try (Group group = in(parent).limit(limit)) {
      var forks = new ArrayList<Fork<T>>(operations.size());
      for (Callable<T> operation : operations) {
        Objects.requireNonNull(operation, "there is nothing to fork");
        if (!group.takeSlot(Condition::await)) break;
        forks.add(group.begin(new Fork<>(), operation));
      }
      group.join();
      // No fork failed, and yet not all were begun: the parent has ended.
      if (forks.size() < operations.size()) group.context.throwIfDone();
      return forks.stream().map(Fork::result).toList();
    }
  }

  /**
   * Runs all operations at once and gives the first result; the others are cancelled, and have
   * ended when this returns.
   *
   * @param parent ends them when it ends
   * @param operations at least one
   * @param <T> the type of the result
   * @return the result of whichever succeeds first
   * @throws ExecutionException if all fail: the first failure, with the others as suppressed
   * @throws ContextException if the parent ends first
   * @throws InterruptedException if this thread is interrupted; the operations are cancelled
   */
  public static <T> T first(Context parent, Collection<? extends Callable<T>> operations)
      throws ExecutionException, InterruptedException {
    if (operations.isEmpty()) {
      throw new IllegalArgumentException("there are no operations, so none can be first");
    }
    try (Group group = independent(parent)) {
      var winner = new AtomicReference<@Nullable Fork<T>>();
      for (Callable<T> operation : operations) {
        var fork = new Fork<T>();
        group.tryTakeSlot();
        group.begin(
            fork,
            () -> {
              T result = operation.call();
              if (winner.compareAndSet(null, fork)) group.context.cancel();
              return result;
            });
      }
      group.awaitForks();
      Fork<T> first = winner.get();
      if (first == null) group.throwFirstFailure();
      return Objects.requireNonNull(first, "every operation either succeeds or fails").result();
    }
  }

  /**
   * The context of the group, for operations that want it as a parameter and for whoever wants to
   * cancel the group.
   *
   * @return a child of the context that the group was made in
   */
  public CancellableContext context() {
    return context;
  }

  /**
   * Sets how many forks may run at once.
   *
   * @param limit negative for none; with zero nothing may start
   * @return this group
   * @throws IllegalStateException if forks are running
   */
  public Group limit(int limit) {
    lock.lock();
    try {
      if (running > 0) {
        throw new IllegalStateException(
            "the limit cannot change while " + running + " forks of the group are running");
      }
      this.limit = limit;
      slotFree.signalAll();
      return this;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts an operation. At the limit this waits until another fork has ended, or gives up when the
   * context ends. An interrupt does not end that wait and stays set.
   *
   * @param operation runs on a virtual thread of its own
   * @param <T> the type of its result
   * @return for its result, after {@link #join}
   * @throws ContextException if the context ended while this waited; the operation will not run
   */
  public <T extends @Nullable Object> Fork<T> fork(Callable<T> operation) {
    Objects.requireNonNull(operation, "there is nothing to fork");
    if (takeSlot(Condition::awaitUninterruptibly)) return begin(new Fork<>(), operation);
    throw Objects.requireNonNull(context.err()).toThrow();
  }

  /**
   * Starts an operation unless the group is at its limit.
   *
   * @param operation runs on a virtual thread of its own
   * @param <T> the type of its result
   * @return null if the limit is reached
   */
  public <T extends @Nullable Object> @Nullable Fork<T> tryFork(Callable<T> operation) {
    Objects.requireNonNull(operation, "there is nothing to fork");
    return tryTakeSlot() ? begin(new Fork<>(), operation) : null;
  }

  /**
   * Waits until all forks have ended. The context of the group then ends too, unless the group is
   * {@link #independent}.
   *
   * @throws ExecutionException if a fork failed: with the first failure as cause, and those of
   *     other forks as its suppressed exceptions
   * @throws ContextException if the first failure was one: the work was given up because the
   *     context had ended
   * @throws Error if the first failure was one: the same object, with the stack of the fork
   * @throws InterruptedException if this thread is interrupted first; the forks go on until the
   *     group is closed
   */
  public void join() throws ExecutionException, InterruptedException {
    awaitForks();
    if (failureCancels) context.cancel();
    throwFirstFailure();
  }

  /**
   * Cancels what is still running and waits until it has ended. An interrupt does not end that wait
   * and stays set.
   */
  @Override
  public void close() {
    context.cancel();
    lock.lock();
    try {
      while (running > 0) allEnded.awaitUninterruptibly();
    } finally {
      lock.unlock();
    }
  }

  /** How to wait for a change: an interrupt ends it, or does not. */
  private interface Wait<X extends Exception> {
    void on(Condition condition) throws X;
  }

  /** Waits for a slot; false if the context ended first. */
  private <X extends Exception> boolean takeSlot(Wait<X> wait) throws X {
    lock.lock();
    try {
      if (isFull()) {
        try (Registration _ = context.onDone(this::wake)) {
          while (isFull()) {
            if (context.isDone()) return false;
            wait.on(slotFree);
          }
          // Its end is also what may have freed the slot.
          if (context.isDone()) return false;
        }
      }
      running++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** False at the limit. */
  private boolean tryTakeSlot() {
    lock.lock();
    try {
      if (isFull()) return false;
      running++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean isFull() {
    return limit >= 0 && running >= limit;
  }

  private void wake() {
    lock.lock();
    try {
      slotFree.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** With a slot that was taken for it. */
  private <T extends @Nullable Object> Fork<T> begin(Fork<T> fork, Callable<T> operation) {
    try {
      THREADS.newThread(() -> work(fork, operation)).start();
    } catch (Throwable notStarted) {
      end(null);
      throw notStarted;
    }
    return fork;
  }

  private <T extends @Nullable Object> void work(Fork<T> fork, Callable<T> operation) {
    Throwable failure = null;
    try {
      fork.succeed(context.<T, Exception>callInterruptibly(operation::call));
    } catch (Throwable thrown) {
      fork.fail(thrown);
      failure = thrown;
    }
    end(failure);
  }

  private void end(@Nullable Throwable failure) {
    try {
      // Before the fork counts as ended: who joins must find the others cancelled for this reason
      // and not by the join.
      if (failure != null && isFirst(failure) && failureCancels) context.cancel(failure);
    } finally {
      lock.lock();
      try {
        running--;
        slotFree.signal();
        if (running == 0) allEnded.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Keeps a failure: the first one, and the others with it. */
  private boolean isFirst(Throwable failure) {
    lock.lock();
    try {
      Throwable first = firstFailure;
      if (first == null) {
        firstFailure = failure;
        return true;
      }
      if (first != failure && !(failure instanceof ContextException)) first.addSuppressed(failure);
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void awaitForks() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (running > 0) allEnded.await();
    } finally {
      lock.unlock();
    }
  }

  private void throwFirstFailure() throws ExecutionException {
    Throwable failure;
    lock.lock();
    try {
      failure = firstFailure;
    } finally {
      lock.unlock();
    }
    switch (failure) {
      case null -> {}
      case Error error -> throw error;
      case ContextException ended -> throw ended;
      case Throwable thrown -> throw new ExecutionException(thrown);
    }
  }
}
