package dev.lanyard.proofs.pairs;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Fork;
import dev.lanyard.context.Group;
import dev.lanyard.context.RootContext;
import dev.lanyard.context.TimeSource;
import dev.lanyard.proofs.Cause;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A group with a fork for each thread that will end one, or with one that ends while the two race.
 * From round to round its limit leaves room or does not.
 */
abstract class GroupWorld extends Race<GroupOperation> {
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final RootContext root = Context.root(TimeSource.system());
  private final CancellableContext above = root.withCancel();
  private final Group group = Group.in(above);
  private final Context ctx = group.context();
  private final Queue<Fork<String>> forks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final Resident ofOne;
  private final Resident ofOther;

  GroupWorld(Draws<GroupOperation> draws) {
    super(draws);
    boolean two = pair.one().endsOneFork() && pair.other().endsOneFork();
    int limit = (two ? 2 : 1) + round % 2;
    if (round % 3 != 0) group.limit(limit);
    ofOne = new Resident();
    ofOther = two ? new Resident() : ofOne;
  }

  /** A fork that is there from the start. */
  private final class Resident {
    private final CountDownLatch told = new CountDownLatch(1);
    private volatile @Nullable Cause failure;
    private final Fork<String> fork;

    Resident() {
      fork = group.fork(this::work);
      forks.add(fork);
    }

    private String work() throws InterruptedException {
      told.await();
      Cause cause = failure;
      if (cause != null) throw cause;
      return "ran";
    }
  }

  /** One thread's part. */
  final String act(Side side) {
    GroupOperation own = side == Side.ONE ? pair.one() : pair.other();
    if (!own.endsForks() && !pair.opposite(side).endsForks()) ofOne.told.countDown();
    meet(side);
    return own.on(this, side);
  }

  /** How the group has ended: by the name of the cause, or closed without one. */
  private String end() {
    Throwable cause = ctx.cause();
    if (cause == null) return "live";
    return cause instanceof ContextException ? "closed" : String.valueOf(cause.getMessage());
  }

  private Resident of(Side side) {
    return side == Side.ONE ? ofOne : ofOther;
  }

  /** Parks, for what other threads do: they need the processor. */
  private void await(BooleanSupplier condition, String orElse) {
    TimeSource time = TimeSource.system();
    long end = time.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (time.nanoTime() - end > 0) {
        fault(orElse);
        return;
      }
      LockSupport.parkNanos(5_000);
    }
  }

  private void allHaveEnded(String when) {
    if (!ofOne.fork.isDone() || !ofOther.fork.isDone()) fault("a fork goes on after " + when);
  }

  // ---- The operations

  String cancel(Side side) {
    group.context().cancel(new Cause(side.label));
    return end();
  }

  String endAbove(Side side) {
    above.cancel(new Cause("above"));
    return end();
  }

  String close(Side side) {
    group.close();
    allHaveEnded("close");
    return end();
  }

  String fail(Side side) {
    of(side).failure = new Cause(side.label);
    of(side).told.countDown();
    await(ctx::isDone, "a failure cancels nothing");
    return end();
  }

  String finish(Side side) {
    of(side).told.countDown();
    await(of(side).fork::isDone, "a fork never ends");
    return "ok";
  }

  String join(Side side) {
    String seen = joined();
    allHaveEnded("join");
    return seen;
  }

  private String joined() {
    try {
      group.join();
      return "joined";
    } catch (ExecutionException failed) {
      return "failed " + String.valueOf(failed.getCause().getMessage());
    } catch (ContextException ended) {
      return "ended";
    } catch (InterruptedException nobodyInterrupts) {
      return "interrupted";
    }
  }

  String fork(Side side) {
    try {
      forks.add(group.fork(this::ran));
      return "forked";
    } catch (ContextException ended) {
      return "refused";
    }
  }

  String tryFork(Side side) {
    Fork<String> fork = group.tryFork(this::ran);
    if (fork == null) return "full";
    forks.add(fork);
    return "forked";
  }

  private String ran() {
    begun.incrementAndGet();
    return "ran";
  }

  String limit(Side side) {
    try {
      group.limit(2 + round % 2);
      return "set";
    } catch (IllegalStateException running) {
      return "busy";
    }
  }

  String ask(Side side) {
    Fork<String> fork = ofOne.fork;
    if (!fork.isDone()) return "running";
    Throwable failure = fork.failure();
    return failure == null ? fork.result() : "failed";
  }

  String all(Side side) {
    return ended(() -> String.join(" ", Group.all(above, List.of(this::ran, this::ran))));
  }

  String first(Side side) {
    return ended(() -> Group.first(above, List.of(this::ran, this::ran)));
  }

  private static String ended(Callable<String> operation) {
    try {
      return operation.call();
    } catch (ContextException ended) {
      return "ended";
    } catch (Exception otherwise) {
      return otherwise.toString();
    }
  }

  String read(Side side) {
    return group.context().toString();
  }

  // ---- The end

  /**
   * Says how the race has ended, then closes the group and looks whether every fork has ended, in
   * agreement with the join, and nothing stays behind.
   */
  final String settle() {
    String outcome = end();
    ofOne.told.countDown();
    ofOther.told.countDown();
    // A live group must run what was forked: nothing but its end is a reason not to.
    if (outcome.equals("live")) joined();
    group.close();
    int succeeded = 0;
    for (Fork<String> fork : forks) {
      if (!fork.isDone()) fault("a fork goes on after the last close");
      else if (fork.failure() == null) succeeded++;
      else if (outcome.equals("live")) fault("failed in a live group");
    }
    if (succeeded < begun.get() - 2) fault("a fork has no result");
    checkJoin(outcome);
    above.cancel();
    if (!root.listening().isEmpty()) fault("a place is left");
    return orFault(outcome);
  }

  /** Where nothing else ends the group, its first failure does, and is the failure of the join. */
  private void checkJoin(String outcome) {
    String joined = joined();
    if (pair.one() == GroupOperation.FAIL && !joined.equals("failed " + outcome)) {
      fault("ended by " + outcome + ", and the join " + joined);
    }
    if (outcome.equals("live") && !joined.equals("joined")) fault("live, and the join " + joined);
  }
}
