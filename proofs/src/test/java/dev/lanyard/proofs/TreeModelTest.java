package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What one context in the middle of a tree shows (its end, its cause, whether a registration could
 * still be stopped) is as if one lock guarded the whole tree, whoever ends it or a context above.
 *
 * <p>Each model asks one context only: between contexts the tree promises less. While {@code
 * cancel} is under way, one above may already be done and one below not yet.
 */
@Isolated("the checker instruments the classes of the whole JVM")
class TreeModelTest {
  private static final int NONE = 0;

  /**
   * The checker has a bug of its own (JetBrains/lincheck#657): now and then it loses track of a
   * static field that it puts back between runs. Such a search says nothing, so each shape of
   * scenario is searched alone and most must have been searched to the end.
   */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void everyInterleavingHasASequentialExplanation() {
    initializeClasses();
    int searched = 0;
    int shapes = 0;
    for (int actors = 2; actors <= 3; actors++) {
      for (int before = 0; before <= 2; before++) {
        shapes++;
        if (isSearched(Tree.class, actors, before)) searched++;
      }
    }
    for (Class<?> tree : List.of(LinkedTree.class, TimedTree.class)) {
      shapes++;
      if (isSearched(tree, Length.isLong() ? 3 : 2, 1)) searched++;
    }
    assertThat(searched).as("shapes searched to the end, of " + shapes).isGreaterThan(shapes / 2);
  }

  private static boolean isSearched(Class<?> tree, int actors, int before) {
    try {
      searched(actors, before).check(tree);
      return true;
    } catch (NullPointerException bug) {
      if (!bug.getStackTrace()[0].getClassName().endsWith(".SnapshotTracker")) throw bug;
      return false;
    }
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void everyStressedRunHasASequentialExplanation() {
    new StressOptions()
        .iterations(5 * Length.FACTOR)
        .invocationsPerIteration(500)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(OneLock.class)
        .check(Tree.class);
  }

  /** The checker finds what is wrong on purpose. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void lostEndIsFound() {
    assertThatThrownBy(() -> searched(3, 1).check(ForgetfulTree.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  /** The checker puts static fields back between runs, and stumbles over those set in a run. */
  private static void initializeClasses() {
    var tree = new Tree();
    tree.register();
    if (!tree.stop() || !tree.registerAndStop()) throw new AssertionError("nothing has ended it");
    tree.registerBelow();
    tree.cancel();
    tree.cancelRoot();
    tree.registerBelow();
    if (tree.cause() != 2 || !tree.isDone()) throw new AssertionError("it has ended");
    var linked = new LinkedTree();
    if (!linked.registerAndStop()) throw new AssertionError("nothing has ended it");
    linked.cancelRoot();
    if (linked.cause() != 1) throw new AssertionError("it has ended");
    var timed = new TimedTree();
    if (!timed.extend()) throw new AssertionError("its time has not come");
    timed.pass();
    timed.cancelRoot();
    if (timed.cause() != 1) throw new AssertionError("it has ended");
  }

  private static ModelCheckingOptions searched(int actors, int before) {
    return new ModelCheckingOptions()
        .iterations(2 * Length.FACTOR)
        .invocationsPerIteration(200 * Math.min(Length.FACTOR, 10))
        .threads(2)
        .actorsPerThread(actors)
        .actorsBefore(before)
        .actorsAfter(1)
        .sequentialSpecification(OneLock.class);
  }

  /** The real thing: root, context, and one below it that only listens. */
  public static class Tree {
    private final CancellableContext root = Context.background().withCancel();
    private final CancellableContext ctx = root.withCancel();
    private final Context below = ctx.withCancel();
    private volatile @Nullable Registration registration;

    @Operation
    public void cancelRoot() {
      root.cancel(new Cause("1"));
    }

    @Operation
    public void cancel() {
      ctx.cancel(new Cause("2"));
    }

    @Operation
    public int cause() {
      return number(ctx);
    }

    @Operation
    public boolean isDone() {
      return ctx.isDone();
    }

    /** Links and unlinks what is above. */
    @Operation
    public boolean registerAndStop() {
      return ctx.onDone(() -> {}).stop();
    }

    @Operation
    public void registerBelow() {
      var _ = below.onDone(() -> {});
    }

    @Operation(nonParallelGroup = "one registration")
    public void register() {
      registration = ctx.onDone(() -> {});
    }

    @Operation(nonParallelGroup = "one registration")
    public boolean stop() {
      Registration registered = registration;
      return registered != null && registered.stop();
    }
  }

  /** Two owners, either of which may end first. */
  public static class LinkedTree {
    private final Ticks time = new Ticks();
    private final CancellableContext root = Context.root(time).withCancel();
    private final CancellableContext beside = Context.root(time).withCancel();
    private final Context ctx = root.linkedTo(beside);

    @Operation
    public void cancelRoot() {
      root.cancel(new Cause("1"));
    }

    @Operation
    public void cancel() {
      beside.cancel(new Cause("2"));
    }

    @Operation
    public int cause() {
      return number(ctx);
    }

    @Operation
    public boolean isDone() {
      return ctx.isDone();
    }

    @Operation
    public boolean registerAndStop() {
      return ctx.onDone(() -> {}).stop();
    }
  }

  /**
   * A deadline that passes while nobody listens, so that whoever asks looks at the clock: with a
   * timer, the end comes when it rings and not when the time has come.
   */
  public static class TimedTree {
    private final Ticks time = new Ticks();
    private final CancellableContext root = Context.root(time).withCancel();
    private final CancellableContext ctx = root.withTimeout(Duration.ofNanos(10_000));
    private final Deadline later = Deadline.after(Duration.ofHours(1), time);

    @Operation
    public void pass() {
      time.ticks.addAndGet(10_000);
    }

    @Operation
    public boolean extend() {
      return ctx.extendTo(later);
    }

    @Operation
    public void cancelRoot() {
      root.cancel(new Cause("1"));
    }

    @Operation
    public void cancel() {
      ctx.cancel(new Cause("2"));
    }

    @Operation
    public int cause() {
      return number(ctx);
    }

    @Operation
    public boolean isDone() {
      return ctx.isDone();
    }
  }

  /**
   * A clock that moves a little whenever it is read, for the checker stops the system's, and by
   * which of two ends came first is seen. It has no alarms.
   */
  private static final class Ticks implements TimeSource {
    private final AtomicLong ticks = new AtomicLong();

    @Override
    public long nanoTime() {
      return ticks.incrementAndGet();
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }

    @Override
    public Registration schedule(long nanoTime, Runnable action) {
      return () -> true;
    }
  }

  private static int number(Context ctx) {
    return switch (ctx.cause()) {
      case null -> NONE;
      case DeadlineExceededException _ -> 3;
      case Throwable cause -> Integer.parseInt(String.valueOf(cause.getMessage()));
    };
  }

  /** Asks without asking those above: a child that nobody told stays live. */
  public static class ForgetfulTree extends OneLock {
    private boolean rootSeen;

    @Override
    @Operation
    public void cancelRoot() {
      if (rootSeen) super.cancelRoot();
      rootSeen = true;
    }
  }

  /** What it must look like. */
  public static class OneLock {
    private int end;
    private boolean registered;
    private boolean extended;

    @Operation
    public void cancelRoot() {
      if (end == NONE) end = 1;
    }

    @Operation
    public void pass() {
      if (end == NONE && !extended) end = 3;
    }

    @Operation
    public boolean extend() {
      if (end != NONE || extended) return false;
      extended = true;
      return true;
    }

    @Operation
    public void cancel() {
      if (end == NONE) end = 2;
    }

    @Operation
    public int cause() {
      return end;
    }

    @Operation
    public boolean isDone() {
      return end != NONE;
    }

    @Operation
    public boolean registerAndStop() {
      return end == NONE;
    }

    @Operation
    public void registerBelow() {}

    @Operation
    public void register() {
      registered = end == NONE;
    }

    @Operation
    public boolean stop() {
      boolean stopped = registered && end == NONE;
      registered = false;
      return stopped;
    }
  }
}
