package dev.lanyard.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Registration;
import java.util.concurrent.TimeUnit;
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
        try {
          searched(actors, before).check(Tree.class);
          searched++;
        } catch (NullPointerException bug) {
          if (!bug.getStackTrace()[0].getClassName().endsWith(".SnapshotTracker")) throw bug;
        }
      }
    }
    assertThat(searched).as("shapes searched to the end, of " + shapes).isGreaterThan(shapes / 2);
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
      Throwable cause = ctx.cause();
      return cause == null ? NONE : Integer.parseInt(String.valueOf(cause.getMessage()));
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

    @Operation
    public void cancelRoot() {
      if (end == NONE) end = 1;
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
