package dev.lanyard.context;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What every context knows of where it comes from: its root, the nearest scope that can end it, the
 * nearest value. The whole of {@link Context} follows from these three, so a scope asks nobody for
 * values and a value asks nobody for the end.
 */
sealed interface Lineage extends Context permits Root, Scope, Surrogate, Valued {

  Root root();

  /** The nearest scope at or above this context; null if nothing can end it. */
  @Nullable Scope scope();

  /** The nearest value at or above this context. */
  @Nullable Valued values();

  /**
   * The context that this one was derived from; null for a root. Only for printing: see {@link
   * #path}.
   */
  @Nullable Lineage parent();

  /** Completes the printed path of the parent with what this context adds. */
  void describe(StringBuilder path);

  static Lineage of(Context context, String whyNotNull) {
    return (Lineage) Objects.requireNonNull(context, whyNotNull);
  }

  /**
   * The parent of a context that has this nearest scope above it, and these values. A value that
   * was bound below that scope stands between the two; one that the scope itself has seen does not.
   */
  static Lineage parent(Root root, @Nullable Scope scope, @Nullable Valued values) {
    if (values != null && values.scope() == scope && values.root() == root) return values;
    return scope != null ? scope : root;
  }

  /** How this context was made, from the root down. Not recursive: chains may be long. */
  default String path() {
    var ancestry = new ArrayDeque<Lineage>();
    for (Lineage each = this; each != null; each = each.parent()) ancestry.push(each);
    var path = new StringBuilder();
    ancestry.forEach(each -> each.describe(path));
    return path.toString();
  }

  @Override
  default Deadline deadline() {
    Scope scope = scope();
    return scope == null ? Deadline.NONE : scope.effectiveDeadline();
  }

  @Override
  default CompletionStage<Void> done() {
    Scope scope = scope();
    return scope == null ? new CompletableFuture<Void>().minimalCompletionStage() : scope.done();
  }

  @Override
  default @Nullable ContextException err() {
    Scope scope = scope();
    return scope == null ? null : scope.err();
  }

  @Override
  default @Nullable Throwable cause() {
    ContextException err = err();
    return err == null ? null : err.causeOrSelf();
  }

  @Override
  default <T> @Nullable T value(Key<T> key) {
    return Valued.find(values(), Objects.requireNonNull(key, "a value is looked up by a key"));
  }

  @Override
  default boolean isDone() {
    return err() != null;
  }

  @Override
  default boolean isCancellable() {
    return scope() != null;
  }

  @Override
  default void throwIfDone() {
    ContextException err = err();
    if (err != null) throw err.toThrow();
  }

  @Override
  default Duration remaining() {
    if (isDone()) return Duration.ZERO;
    return Duration.ofNanos(Math.max(0, deadline().remainingNanos()));
  }

  @Override
  default CancellableContext withCancel() {
    return new Scope(root(), scope(), values());
  }

  @Override
  default CancellableContext withTimeout(Duration timeout) {
    return withTimeout(timeout, null);
  }

  @Override
  default CancellableContext withTimeout(Duration timeout, @Nullable Throwable cause) {
    Deadline deadline = Deadline.after(timeout, root().time());
    return new TimedScope(root(), scope(), values(), deadline, cause, !timeout.isPositive());
  }

  @Override
  default CancellableContext withDeadline(Deadline deadline) {
    return withDeadline(deadline, null);
  }

  @Override
  default CancellableContext withDeadline(Instant deadline) {
    return withDeadline(Deadline.at(deadline, root().time()), null);
  }

  @Override
  default CancellableContext withDeadline(Deadline deadline, @Nullable Throwable cause) {
    Objects.requireNonNull(deadline, "a deadline is missing; Deadline.NONE means none");
    if (deadline.isNone()) return withCancel();
    Deadline own = deadline.on(root().time());
    return new TimedScope(root(), scope(), values(), own, cause, own.isPast());
  }

  @Override
  default <T> Context withValue(Key<T> key, @Nullable T value) {
    return new Valued(this, Objects.requireNonNull(key, "a value is bound to a key"), value);
  }

  @Override
  default Context withoutCancel() {
    return root().detachedFrom(this);
  }

  @Override
  default CancellableContext linkedTo(Context other) {
    Scope second = of(other, "cannot link to a null context").scope();
    return second == null ? withCancel() : new LinkedScope(root(), scope(), values(), second);
  }

  @Override
  default Registration afterFunc(Runnable action) {
    Objects.requireNonNull(action, "there is nothing to run when the context is done");
    return Callback.register(scope(), () -> Thread.ofVirtual().name("lanyard-after").start(action));
  }

  @Override
  default Registration onDone(Runnable action) {
    Objects.requireNonNull(action, "there is nothing to run when the context is done");
    return Callback.register(scope(), action);
  }

  @Override
  default void await() throws InterruptedException {
    new Waiter(this).await();
  }

  @Override
  default boolean await(Duration timeout) throws InterruptedException {
    return new Waiter(this).await(Objects.requireNonNull(timeout, "say how long to wait"));
  }

  @Override
  default <T extends @Nullable Object> T await(CompletionStage<T> stage)
      throws InterruptedException {
    return new Waiter(this).await(Objects.requireNonNull(stage, "there is nothing to wait for"));
  }

  @Override
  default void sleep(Duration duration) throws InterruptedException {
    if (await(duration)) throwIfDone();
  }

  @Override
  default <T extends @Nullable Object, X extends Throwable> T call(
      ScopedValue.CallableOp<? extends T, X> operation) throws X {
    Objects.requireNonNull(operation, "there is nothing to call");
    return Current.call(this, operation);
  }

  @Override
  default void run(Runnable operation) {
    Objects.requireNonNull(operation, "there is nothing to run");
    Current.run(this, operation);
  }

  @Override
  default <T extends @Nullable Object, X extends Throwable> T callInterruptibly(
      ScopedValue.CallableOp<? extends T, X> operation) throws X {
    Objects.requireNonNull(operation, "there is nothing to call");
    return InterruptRegion.call(this, operation);
  }

  @Override
  default Runnable wrap(Runnable task) {
    Objects.requireNonNull(task, "there is no task to wrap");
    return () -> run(task);
  }

  @Override
  default <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
    Objects.requireNonNull(task, "there is no task to wrap");
    return () -> this.<T, Exception>call(task::call);
  }

  @Override
  default Executor wrap(Executor executor) {
    Objects.requireNonNull(executor, "there is no executor to wrap");
    return task -> executor.execute(wrap(task));
  }
}
