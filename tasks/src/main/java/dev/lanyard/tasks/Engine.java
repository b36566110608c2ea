package dev.lanyard.tasks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs from the queue to their outcome. Everything that moves a job is in this file.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>One lock guards the state of every job, the queue, the free workers, the register and the
 *       tally. It is held for a few instructions, and nothing is called under it that could call
 *       back: no handler, no listener, and no context (whose end calls {@link #contextEnded}, which
 *       takes the lock). One question is put to a context under it, whether that of a queued job
 *       has ended: it has a listener, so the answer is read from a field. The only other lock taken
 *       under it is the monitor of an {@link Outbox}, which is a leaf.
 *   <li>Only {@link #move} assigns a state, and only as {@link State#on} allows. The event that
 *       tells of it is put into the outbox under the same lock: events come in the order of states.
 *   <li>A job is in the queue exactly while it is PENDING, or RETRYING with its wait over. Whoever
 *       takes it out moves it on in the same step; or its context has ended, and then the call of
 *       {@link #contextEnded} that is on its way does.
 *   <li>A worker belongs to the thread that runs the handler, from START until that thread is done
 *       with the attempt, however the job has fared meanwhile; it is lent while the handler waits
 *       for another task. So there are never more handlers at work than workers.
 *   <li>Cancellation comes through contexts alone. A job listens to its own from before it is
 *       queued until it has ended. When that context ends, the job is ended here if it waits, and
 *       otherwise by the thread that runs it. A thread that leaves a job to wait looks at the
 *       context afterwards, so an end cannot fall between the two.
 *   <li>What an attempt came to is decided by its context, which ends once: either the attempt's
 *       thread ends it, and then result or failure count; or it had ended before, and they do not.
 *   <li>Every job ends: a handler that does not leave within the grace after its context ended
 *       keeps its worker and loses its job ({@link #stuck}).
 * </ol>
 */
final class Engine {
  private final Settings settings;
  private final TimeSource time;
  private final CancellableContext context;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Workers workers;

  @GuardedBy("lock")
  private final Register register;

  @GuardedBy("lock")
  private final Tally tally = new Tally();

  @GuardedBy("lock")
  private boolean draining;

  @GuardedBy("lock")
  private boolean closed;

  /** How many were accepted whose end has not been told to everybody. */
  @GuardedBy("lock")
  private long unfinished;

  /** Completes when nothing is unfinished; null while nobody waits for it. */
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Void> idle;

  Engine(Context parent, Settings settings) {
    this.settings = settings;
    time = settings.time();
    context = parent.withCancel();
    workers = new Workers(settings.workers());
    register = new Register(settings);
  }

  Settings settings() {
    return settings;
  }

  // ---- Submission

  /** Accepts all or none; below an attempt if one forked them. */
  List<TaskRef> submit(List<Task> tasks, @Nullable MemoryAttempt forkedBy) {
    var jobs = new ArrayList<Job>(tasks.size());
    for (Job job : accept(tasks, forkedBy)) {
      Job parent = job.parent;
      if (forkedBy != null) job.scope = forkedBy.context().withCancel();
      else job.scope = (parent != null ? parent.scope() : context).withCancel();
      jobs.add(job);
    }
    for (Job job : jobs) watch(job);
    enqueue(jobs);
    for (Job job : jobs) deliver(job);
    dispatch();
    return jobs.stream().<TaskRef>map(job -> new MemoryTaskRef(this, job)).toList();
  }

  private Collection<Job> accept(List<Task> tasks, @Nullable MemoryAttempt forkedBy) {
    var batch = new LinkedHashMap<String, Job>();
    lock.lock();
    try {
      for (Task task : tasks) {
        if (closed || (draining && forkedBy == null)) {
          throw new RefusedException(
              task, RefusedException.Reason.CLOSING, "the processor is closing");
        }
        if (workers.queued() + batch.size() >= settings.maxQueued()) {
          throw new RefusedException(
              task,
              RefusedException.Reason.QUEUE_FULL,
              "the queue is full (" + settings.maxQueued() + " tasks are waiting)");
        }
        Job parent = forkedBy == null ? register.parentOf(task, batch) : null;
        Job job = register.admit(task, parent, batch);
        job.outbox.add(new TaskEvent.Queued(task, time.instant()));
        batch.put(task.id(), job);
      }
      for (Job job : batch.values()) {
        register.reserve(job);
        tally.enter(job.state);
      }
      unfinished += batch.size();
    } finally {
      lock.unlock();
    }
    return batch.values();
  }

  private void enqueue(List<Job> jobs) {
    lock.lock();
    try {
      for (Job job : jobs) {
        if (!job.state.isTerminal()) workers.add(job);
      }
    } finally {
      lock.unlock();
    }
  }

  private void watch(Job job) {
    Registration watch = job.scope().onDone(() -> contextEnded(job));
    job.scopeWatch = watch;
    // It may have come to its end before the watch was there to be stopped.
    if (job.state.isTerminal()) watch.stop();
  }

  // ---- From the queue to a worker

  /** Gives free workers something to do. */
  private void dispatch() {
    for (Job job = takeNext(); job != null; job = takeNext()) {
      Job next = job;
      try {
        Thread.ofVirtual().name("task " + job.task.id()).start(() -> work(next));
      } catch (Throwable notStarted) {
        end(next, new Outcome.Failed(notStarted));
        giveBackWorker();
      }
    }
  }

  private @Nullable Job takeNext() {
    lock.lock();
    try {
      Job job = workers.next();
      // Its end is being told by another thread: it must not look as if it began after that.
      for (; job != null && job.end() != null; job = workers.next()) workers.giveBack();
      if (job == null) return null;
      if (job.state == State.RETRYING) tally.retry();
      move(job, State.Change.START);
      job.attempts++;
      job.progress = 0;
      if (job.attempts == 1) job.startedNanos = time.nanoTime();
      job.outbox.add(new TaskEvent.Started(job.task, time.instant(), job.attempts));
      return job;
    } finally {
      lock.unlock();
    }
  }

  private void giveBackWorker() {
    lock.lock();
    try {
      workers.giveBack();
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  // ---- On the worker

  private void work(Job job) {
    try {
      job.thread = Thread.currentThread();
      deliver(job);
      attempt(job);
    } finally {
      job.thread = null;
      giveBackWorker();
    }
  }

  private void attempt(Job job) {
    CancellableContext timed = job.timed;
    if (timed == null) {
      timed = job.scope().withTimeout(job.task.timeout());
      job.timed = timed;
      job.deadlineWatch = timed.onDone(() -> contextEnded(job));
    }
    var attempt = new MemoryAttempt(this, job, timed.withCancel());
    Object result = null;
    Throwable failure = null;
    try {
      result = attempt.run(job.kind);
    } catch (Throwable thrown) {
      failure = thrown;
    }
    ContextException end = attempt.close(failure);
    if (end != null) end(job, outcomeOf(end));
    else if (failure == null) end(job, new Outcome.Completed(result));
    else if (!retry(job, timed, failure)) end(job, new Outcome.Failed(failure));
  }

  // ---- Retries

  /** Leaves the job to wait for its next attempt; false if there is none in time. */
  private boolean retry(Job job, CancellableContext timed, Throwable failure) {
    Retry retry = job.task.retry();
    if (failure instanceof Error || job.attempts >= retry.attempts()) return false;
    Duration remaining = timed.remaining();
    Duration delay;
    lock.lock();
    try {
      delay = retry.waitAfter(job.attempts, settings.random());
      if (delay.compareTo(remaining) >= 0 || job.state.isTerminal()) return false;
      move(job, State.Change.RETRY);
      job.outbox.add(
          new TaskEvent.Retrying(job.task, time.instant(), job.attempts, delay, failure));
    } finally {
      lock.unlock();
    }
    deliver(job);
    Registration alarm = time.schedule(time.nanoTime() + delay.toNanos(), () -> requeue(job));
    job.alarm = alarm;
    if (timed.isDone()) contextEnded(job);
    if (job.state.isTerminal()) alarm.stop();
    return true;
  }

  private void requeue(Job job) {
    lock.lock();
    try {
      if (job.state != State.RETRYING) return;
      workers.add(job);
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  // ---- The end

  /** The context of a job has ended: on whatever thread ended it. */
  private void contextEnded(Job job) {
    ContextException end = Objects.requireNonNull(job.end());
    switch (job.state) {
      case PENDING, RETRYING -> endWaiting(job, outcomeOf(end));
      case RUNNING -> startGrace(job);
      case SCHEDULED, COMPLETED, FAILED, CANCELLED, TIMED_OUT -> {}
    }
  }

  private void endWaiting(Job job, Outcome outcome) {
    lock.lock();
    try {
      if (job.state != State.PENDING && job.state != State.RETRYING) return;
      workers.remove(job);
      settle(job, outcome);
    } finally {
      lock.unlock();
    }
    tellTheEnd(job, outcome);
  }

  private void end(Job job, Outcome outcome) {
    lock.lock();
    try {
      if (job.state.isTerminal()) return;
      settle(job, outcome);
    } finally {
      lock.unlock();
    }
    tellTheEnd(job, outcome);
  }

  @GuardedBy("lock")
  private void settle(Job job, Outcome outcome) {
    move(job, changeTo(outcome));
    register.ended(job);
    long nanos = job.attempts == 0 ? 0 : time.nanoTime() - job.startedNanos;
    if (job.attempts > 0) tally.duration(nanos);
    if (outcome instanceof Outcome.Completed) job.progress = 100;
    job.outbox.add(
        new TaskEvent.Finished(
            job.task, time.instant(), outcome, job.attempts, Duration.ofNanos(nanos)));
  }

  @GuardedBy("lock")
  private void move(Job job, State.Change change) {
    State from = job.state;
    job.state = from.on(change);
    tally.move(from, job.state);
  }

  private static Outcome outcomeOf(ContextException end) {
    return switch (end) {
      case CancelledException cancelled -> new Outcome.Cancelled(cancelled);
      case DeadlineExceededException late -> new Outcome.TimedOut(late);
    };
  }

  private static State.Change changeTo(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> State.Change.COMPLETE;
      case Outcome.Failed _ -> State.Change.FAIL;
      case Outcome.Cancelled _ -> State.Change.CANCEL;
      case Outcome.TimedOut _ -> State.Change.TIME_OUT;
    };
  }

  private void tellTheEnd(Job job, Outcome outcome) {
    job.stopWatching();
    CancellableContext timed = job.timed;
    if (timed != null) timed.cancel();
    if (job.hasChildren && !(outcome instanceof Outcome.Completed)) {
      job.scope()
          .cancel(
              new CancellationException(
                  "its parent is " + outcome.state() + ": " + job.task.name()));
    }
    deliver(job);
  }

  /** Tells the listener what there is to tell. With no lock held. */
  void deliver(Job job) {
    Outcome outcome = job.outbox.deliver();
    if (outcome == null) return;
    job.outcome.complete(outcome);
    CompletableFuture<Void> nothingLeft = null;
    lock.lock();
    try {
      if (--unfinished == 0) {
        nothingLeft = idle;
        idle = null;
      }
    } finally {
      lock.unlock();
    }
    if (nothingLeft != null) nothingLeft.complete(null);
  }

  // ---- Handlers that do not leave

  private void startGrace(Job job) {
    lock.lock();
    try {
      // The scope tells, and so does the context with the deadline below it.
      if (job.inGrace || job.state.isTerminal()) return;
      job.inGrace = true;
    } finally {
      lock.unlock();
    }
    Registration alarm =
        time.schedule(time.nanoTime() + settings.grace().toNanos(), () -> stuck(job));
    job.alarm = alarm;
    if (job.state.isTerminal()) alarm.stop();
  }

  private void stuck(Job job) {
    Thread thread = job.thread;
    List<StackTraceElement> stack = thread == null ? List.of() : List.of(thread.getStackTrace());
    Outcome outcome = outcomeOf(Objects.requireNonNull(job.end()));
    lock.lock();
    try {
      if (job.state != State.RUNNING) return;
      tally.stuck();
      job.outbox.add(new TaskEvent.Stuck(job.task, time.instant(), stack));
      settle(job, outcome);
    } finally {
      lock.unlock();
    }
    tellTheEnd(job, outcome);
  }

  // ---- What attempts report

  /**
   * Whoever calls this holds its attempt, which keeps reports in order, and delivers afterwards.
   */
  void progressed(Job job, int percent) {
    job.progress = percent;
    job.outbox.add(new TaskEvent.Progressed(job.task, time.instant(), percent));
  }

  boolean extend(Job job, Duration more) {
    Duration remaining = timed(job).deadline().remaining();
    return extendTo(job, Deadline.after(remaining.plus(more), time));
  }

  boolean extendTo(Job job, Deadline deadline) {
    if (!timed(job).extendTo(deadline)) return false;
    job.outbox.add(new TaskEvent.Extended(job.task, time.instant(), deadline));
    deliver(job);
    return true;
  }

  private static CancellableContext timed(Job job) {
    return Objects.requireNonNull(job.timed, "an attempt runs in a context with a deadline");
  }

  // ---- Waiting for a task

  /** Waits for the end of a job; a handler lends its worker meanwhile. */
  Outcome await(Job job, Context waiting) throws InterruptedException {
    MemoryAttempt attempt = waiting.value(MemoryAttempt.RUNNING);
    if (attempt == null) attempt = Context.current().value(MemoryAttempt.RUNNING);
    if (attempt == null || !attempt.isOf(this) || job.outcome.isDone()) {
      return waiting.await(job.outcome);
    }
    lendWorker(attempt.job());
    try {
      return waiting.await(job.outcome);
    } finally {
      takeBackWorker(attempt);
    }
  }

  private void lendWorker(Job job) {
    lock.lock();
    try {
      if (job.waiting++ > 0) return;
      workers.giveBack();
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  private void takeBackWorker(MemoryAttempt attempt) {
    CompletableFuture<Void> turn;
    lock.lock();
    try {
      if (--attempt.job().waiting > 0) return;
      turn = workers.takeBack();
    } finally {
      lock.unlock();
    }
    dispatch();
    if (turn.isDone()) return;
    try {
      attempt.context().await(turn);
    } catch (ContextException ended) {
      goOnWithoutWorker(turn);
    } catch (InterruptedException interrupted) {
      goOnWithoutWorker(turn);
      Thread.currentThread().interrupt();
    }
  }

  private void goOnWithoutWorker(CompletableFuture<Void> turn) {
    lock.lock();
    try {
      workers.goOnWithout(turn);
    } finally {
      lock.unlock();
    }
  }

  // ---- The whole processor

  Optional<TaskRef> find(String id) {
    lock.lock();
    try {
      return register.find(id).map(job -> new MemoryTaskRef(this, job));
    } finally {
      lock.unlock();
    }
  }

  Stats stats() {
    lock.lock();
    try {
      return tally.stats();
    } finally {
      lock.unlock();
    }
  }

  boolean cancel(Job job, @Nullable Throwable cause) {
    if (job.state.isTerminal()) return false;
    job.scope().cancel(cause);
    return true;
  }

  void cancelAll(@Nullable Throwable cause) {
    List<Job> jobs;
    lock.lock();
    try {
      jobs = register.published();
    } finally {
      lock.unlock();
    }
    // Those that wait come first: none of them shall begin because one that runs has left.
    for (Job job : jobs) if (job.state != State.RUNNING) cancel(job, cause);
    for (Job job : jobs) cancel(job, cause);
  }

  boolean drain(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
    // Also when the processor's own context has ended: the handlers are leaving then.
    try (CancellableContext patience = context.withoutCancel().withDeadline(deadline)) {
      patience.await(idle());
      return true;
    } catch (ContextException tooLong) {
      return false;
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    context.cancel(new CancellationException("the task processor was closed"));
    // Ends, by invariant 7.
    idle().join();
  }

  private CompletableFuture<Void> idle() {
    lock.lock();
    try {
      if (unfinished == 0) return CompletableFuture.completedFuture(null);
      if (idle == null) idle = new CompletableFuture<>();
      return idle;
    } finally {
      lock.unlock();
    }
  }
}
