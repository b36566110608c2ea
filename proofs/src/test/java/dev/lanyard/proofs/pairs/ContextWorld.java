package dev.lanyard.proofs.pairs;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Key;
import dev.lanyard.context.Registration;
import dev.lanyard.context.RootContext;
import dev.lanyard.proofs.Cause;
import dev.lanyard.proofs.HandMovedTime;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A context between one above it and one below it, with a deadline at 100, and what can be done to
 * it. From round to round it is linked for another reason, and owes its deadline to another.
 */
abstract class ContextWorld extends Race<ContextOperation> {
  private static final Key<String> KEY = Key.of("key");

  /** After so many questions or listeners a context keeps its place. */
  private static final int USES = 16;

  /** Why the context has a place in the tree, if it has. */
  private enum Standing {
    ALONE(0),
    LISTENED(0),
    LISTENED_BELOW(0),
    /** Asked so often that the next question takes a place. */
    POLLED(USES),
    /** Listened to so often that the next listener takes a place that stays. */
    OFTEN_LISTENED(0),
    WATCHED(2 * USES),
    WATCHED_AND_LISTENED(2 * USES);

    private static final Standing[] ALL = values();

    private final int polls;

    Standing(int polls) {
      this.polls = polls;
    }

    boolean isListened() {
      return this == LISTENED || this == LISTENED_BELOW || this == WATCHED_AND_LISTENED;
    }
  }

  final HandMovedTime time = new HandMovedTime();
  final RootContext root = Context.root(time);
  final CancellableContext above;
  final CancellableContext beside;
  final CancellableContext ctx;
  final CancellableContext below;

  /** The one with the deadline. */
  private final CancellableContext timed;

  private final @Nullable Told listener;
  private final @Nullable Registration registration;

  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private volatile @Nullable CompletionStage<Void> stage;
  private volatile boolean closedBelow;
  private volatile long extendedTo;

  /** The thread to interrupt, and whether that was done. */
  volatile @Nullable Thread blocking;

  volatile boolean interrupted;

  /**
   * Ends the context where both sides wait. It may still be calling others when they have woken.
   */
  volatile @Nullable Thread ending;

  ContextWorld(Draws<ContextOperation> draws) {
    super(draws);
    int shape = pair.has(ContextOperation.END_BESIDE) ? 3 : round & 3;
    Duration timeout = Duration.ofNanos(100);
    switch (shape) {
      case 0 -> {
        beside = above = root.withCancel();
        ctx = timed = above.withTimeout(timeout);
      }
      case 1 -> {
        beside = above = root.withCancel();
        timed = above.withTimeout(timeout);
        ctx = timed.withTimeout(Duration.ofNanos(5_000));
      }
      case 2 -> {
        beside = above = root.withCancel();
        timed = above.withCancel().withTimeout(timeout);
        ctx = timed.withValue(KEY, "value").withCancel();
      }
      default -> {
        above = root.withCancel();
        beside = timed = root.withTimeout(timeout);
        ctx = above.linkedTo(beside);
      }
    }
    below = ctx.withCancel();
    Standing standing = standing();
    if (standing == Standing.OFTEN_LISTENED) {
      for (int i = 0; i < USES; i++) ctx.onDone(() -> {}).stop();
    }
    for (int i = 0; i < standing.polls; i++) {
      if (ctx.isDone()) throw new AssertionError("nothing has ended it");
    }
    listener =
        standing.isListened() ? new Told(standing == Standing.LISTENED_BELOW ? below : ctx) : null;
    registration = listener == null ? null : listener.by(Context::onDone);
  }

  private Standing standing() {
    int choice = round / 4;
    Standing standing = Standing.ALL[choice % Standing.ALL.length];
    if (!pair.has(ContextOperation.STOP) || standing.isListened()) return standing;
    return choice % 2 == 0 ? Standing.LISTENED : Standing.LISTENED_BELOW;
  }

  /** How a context has ended, by the name of the cause. */
  static String end(Context ctx) {
    Throwable cause = ctx.cause();
    if (cause == null) return "live";
    return cause instanceof DeadlineExceededException
        ? "deadline"
        : String.valueOf(cause.getMessage());
  }

  /** One thread's part: its operation, and where the other one waits, the end that wakes it. */
  final String act(Side side) {
    ContextOperation own = side == Side.ONE ? pair.one() : pair.other();
    ContextOperation opposite = pair.opposite(side);
    meet(side);
    String seen = own.on(this, side);
    if (opposite == ContextOperation.AWAIT && own != ContextOperation.AWAIT) {
      if (own == ContextOperation.EXPIRE) while (!ctx.isDone()) time.ring();
      else if (!own.endsTheContext()) endAbove(side);
    }
    return seen;
  }

  // ---- The operations

  String cancel(Side side) {
    var cause = new Cause(side.label);
    ctx.cancel(cause);
    if (!below.isDone()) fault("cancel returned, and below is live");
    // Who ended a context owes its actions: they have run when cancel returns. The one below may
    // have been ended by the other thread, on its way down.
    if (ctx.cause() == cause && listener != null && listener.hearsOf(ctx)) {
      if (!listener.isSettled() && !pair.has(ContextOperation.STOP))
        fault("cancel returned before the action");
    }
    return end(ctx);
  }

  String expire(Side side) {
    time.moveTo(100);
    return end(ctx);
  }

  String endAbove(Side side) {
    above.cancel(new Cause("above"));
    if (!below.isDone()) fault("the cancel above returned, and below is live");
    return end(ctx);
  }

  String endBeside(Side side) {
    beside.cancel(new Cause("beside"));
    if (!below.isDone()) fault("the cancel beside returned, and below is live");
    return end(ctx);
  }

  String closeBelow(Side side) {
    closedBelow = true;
    below.cancel(new Cause("below"));
    return end(below);
  }

  String extend(Side side) {
    long to = side == Side.ONE ? 200 : 300;
    boolean extended = timed.extendTo(Deadline.after(Duration.ofNanos(to - time.nanoTime()), time));
    if (extended) {
      synchronized (this) {
        extendedTo = Math.max(extendedTo, to);
      }
    }
    return extended ? "extended" : "refused";
  }

  /** In every order in which the questions can be asked. */
  String poll(Side side) {
    String seen;
    if (round % 2 == 0) {
      boolean err = ctx.err() != null;
      seen = end(ctx);
      if (err && (seen.equals("live") || !ctx.isDone())) fault("an err, and live");
    } else {
      boolean done = ctx.isDone();
      seen = end(ctx);
      if (done && (seen.equals("live") || ctx.err() == null)) fault("done, and no err");
    }
    if (!seen.equals("live")) {
      if (!ctx.remaining().isZero()) fault("done, and time remains");
      try {
        ctx.throwIfDone();
        fault("done, and nothing thrown");
      } catch (ContextException expected) {
        if (!end(ctx).equals(seen)) fault("another end by the second look");
      }
    }
    return seen;
  }

  /** The deadline never moves back. */
  String deadline(Side side) {
    Deadline first = ctx.deadline();
    Deadline then = ctx.deadline();
    if (then.isBefore(first)) fault("the deadline moved back");
    return then.isBefore(Deadline.after(Duration.ofNanos(150), time)) ? "old" : "new";
  }

  String done(Side side) {
    CompletionStage<Void> asked = ctx.done();
    if (asked.toCompletableFuture().isDone() && !ctx.isDone()) fault("a completed stage, and live");
    var hears = new Told(ctx);
    told.add(hears);
    var _ = asked.thenRun(hears::hear);
    synchronized (this) {
      if (stage != null && stage != asked) fault("two stages");
      stage = asked;
    }
    return "ok";
  }

  String onDone(Side side) {
    return listen(round % 3 == 0 ? below : ctx, Context::onDone);
  }

  String afterFunc(Side side) {
    return listen(ctx, Context::afterFunc);
  }

  private String listen(Context to, BiFunction<Context, Runnable, Registration> register) {
    var hears = new Told(to);
    told.add(hears);
    Registration own = hears.by(register);
    if (round % 5 == 0) hears.stop(own);
    return "ok";
  }

  String stop(Side side) {
    if (listener == null || registration == null) throw new AssertionError("nobody listens");
    return listener.stop(registration) ? "stopped" : "late";
  }

  String derive(Side side) {
    Context child =
        switch (round % 4) {
          case 0 -> ctx.withCancel();
          case 1 -> ctx.withTimeout(Duration.ofNanos(10_000));
          case 2 -> ctx.withDeadline(Deadline.after(Duration.ofNanos(10_000), time));
          default -> ctx.withValue(KEY, "child").withCancel();
        };
    return listen(child, Context::onDone);
  }

  String link(Side side) {
    CancellableContext fresh = root.withCancel();
    return listen(round % 2 == 0 ? ctx.linkedTo(fresh) : fresh.linkedTo(ctx), Context::onDone);
  }

  /** Comes and goes as a listener, and does not wait: the result is there. */
  String awaitStage(Side side) {
    try {
      return ctx.await(CompletableFuture.completedFuture("ok"));
    } catch (InterruptedException nobodyInterrupts) {
      return "interrupted";
    }
  }

  String read(Side side) {
    return String.valueOf(ctx.value(KEY));
  }

  // ---- The end

  /**
   * Says how the race has ended, then ends what is left and looks whether everyone was told, once,
   * and nothing stays behind.
   */
  final String settle() {
    awaitEnding();
    time.ring(); // what was armed for a moment that had passed already
    String outcome = end(ctx);
    if (outcome.equals("live")) {
      if (extendedTo > 0) outliveTheOldDeadline();
      else above.cancel(new Cause("finish"));
    }
    checkFamily();
    told.forEach(this::check);
    if (listener != null) check(listener);
    CompletionStage<Void> given = stage;
    if (given != null && given != ctx.done()) fault("another stage after the end");
    above.cancel();
    beside.cancel();
    if (time.armed() > 0) fault("an alarm is left");
    if (!root.listening().isEmpty()) fault("a place is left");
    return orFault(outcome);
  }

  private void awaitEnding() {
    Thread thread = ending;
    try {
      if (thread != null && !thread.join(Duration.ofSeconds(20))) fault("the end hangs");
    } catch (InterruptedException nobodyInterrupts) {
      fault("interrupted");
    }
  }

  private void outliveTheOldDeadline() {
    time.moveTo(extendedTo - 1);
    if (ctx.isDone()) fault("ended before the new deadline");
    time.moveTo(extendedTo);
    if (!end(ctx).equals("deadline")) fault("lives on after the new deadline");
  }

  private void checkFamily() {
    if (!ctx.isDone()) fault("never ended");
    String ofBelow = end(below);
    if (!ofBelow.equals(end(ctx)) && !(closedBelow && ofBelow.equals("below")))
      fault("below by " + ofBelow);
  }

  private void check(Told hears) {
    if (pair.has(ContextOperation.AFTER_FUNC)) hears.listen();
    String wrong = hears.fault();
    if (!wrong.isEmpty()) fault(wrong);
  }
}
