package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GroupTest {
  private final CancellableContext parent = Context.background().withCancel();

  @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
  private static <T> T block() throws InterruptedException {
    if (new CountDownLatch(1).await(20, TimeUnit.SECONDS)) throw new AssertionError("impossible");
    throw new AssertionError("nobody interrupted this");
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(20, TimeUnit.SECONDS)) throw new AssertionError("waited in vain");
  }

  /** Until a thread waits, so that what follows finds it waiting. */
  private static void awaitWaiting(Thread thread) {
    for (int tries = 0; tries < 20_000 && thread.getState() != Thread.State.WAITING; tries++) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
  }

  @Test
  @DisplayName("row G1: join waits for all forks and throws the first failure")
  void joinWaitsForAllAndThrowsTheFirstFailure() {
    var first = new IOException("first");
    var second = new IOException("second");
    var ended = new AtomicInteger();
    try (var group = Group.independent(parent)) {
      Fork<?> failing =
          group.fork(() -> {
            ended.incrementAndGet();
            throw first;
          });
      for (int i = 0; i < 3; i++) {
        group.fork(() -> {
          while (!failing.isDone()) Thread.onSpinWait();
          ended.incrementAndGet();
          throw second;
        });
      }
      assertThatThrownBy(group::join).isInstanceOf(ExecutionException.class).hasCause(first);
      assertThat(ended).hasValue(4);
      assertThat(first.getSuppressed()).containsExactly(second, second, second);
      assertThat(failing.failure()).isSameAs(first);
      assertThatThrownBy(failing::result).isInstanceOf(IllegalStateException.class).hasCause(first);
    }
  }

  @Test
  @DisplayName("row G2: a group is used again after join, and the first failure sticks")
  void theFirstFailureSticks() throws Exception {
    var first = new IOException("first");
    try (var group = Group.independent(parent)) {
      group.join();
      Fork<Integer> one = group.fork(() -> 1);
      group.join();
      assertThat(one.result()).isEqualTo(1);
      group.fork(() -> {
        throw first;
      });
      assertThatThrownBy(group::join).hasCause(first);
      Fork<Integer> two = group.fork(() -> 2);
      assertThatThrownBy(group::join).hasCause(first);
      assertThat(two.result()).isEqualTo(2);
      group.fork(() -> {
        throw new IOException("second");
      });
      assertThatThrownBy(group::join).hasCause(first);
    }
  }

  @Test
  @DisplayName("row G3: the first failure cancels the rest and is the cause; else join cancels")
  void theFirstFailureIsTheCause() throws Exception {
    var failure = new IOException("the reason");
    try (var group = Group.in(parent)) {
      Fork<?> blocked = group.fork(GroupTest::block);
      group.fork(() -> {
        throw failure;
      });
      assertThatThrownBy(group::join).hasCause(failure);
      assertThat(group.context().err()).isInstanceOf(CancelledException.class);
      assertThat(group.context().cause()).isSameAs(failure);
      assertThat(blocked.failure()).isInstanceOf(CancelledException.class).hasCause(failure);
      assertThat(failure.getSuppressed()).isEmpty();
    }
    try (var group = Group.in(parent)) {
      group.fork(() -> 1);
      group.join();
      assertThat(group.context().err()).isInstanceOf(CancelledException.class);
      assertThat(group.context().cause()).isSameAs(group.context().err());
    }
    assertThat(parent.isDone()).isFalse();
  }

  @Test
  @DisplayName("row G4: an independent group has no limit, and a failure cancels nothing")
  void anIndependentGroupGoesOn() throws Exception {
    var failure = new IOException("no matter");
    try (var group = Group.independent(parent)) {
      var all = new CountDownLatch(200);
      Fork<?> failing =
          group.fork(() -> {
            throw failure;
          });
      for (int i = 0; i < 200; i++) {
        group.fork(() -> {
          all.countDown();
          await(all);
          return true;
        });
      }
      assertThatThrownBy(group::join).hasCause(failure);
      assertThat(failing.isDone()).isTrue();
      assertThat(group.context().isDone()).isFalse();
    }
  }

  @Test
  @DisplayName("row G5: at the limit fork waits and tryFork returns null")
  void theLimitHolds() throws Exception {
    try (var group = Group.in(parent).limit(2)) {
      var release = new CountDownLatch(1);
      Callable<Boolean> waiting =
          () -> {
            await(release);
            return true;
          };
      group.fork(waiting);
      assertThat(group.tryFork(waiting)).isNotNull();
      assertThat(group.tryFork(waiting)).isNull();
      assertThatThrownBy(() -> group.limit(3))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("2 forks");
      var third = ThreadKind.PLATFORM.start(() -> group.fork(() -> "third"));
      awaitWaiting(third.thread());
      release.countDown();
      Fork<String> fork = third.get();
      group.join();
      assertThat(fork.result()).isEqualTo("third");
    }
  }

  @Test
  @DisplayName("row G5: a negative limit is none, with zero nothing starts until it is raised")
  void theLimitsBounds() throws Exception {
    try (var group = Group.in(parent).limit(0)) {
      assertThat(group.tryFork(() -> 1)).isNull();
      var waiting = ThreadKind.PLATFORM.start(() -> group.fork(() -> 1));
      awaitWaiting(waiting.thread());
      group.limit(-1);
      Fork<Integer> fork = waiting.get();
      group.join();
      assertThat(fork.result()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("row G6: a fork that waits at the limit gives up when the context ends")
  void aForkAtTheLimitGivesUp() throws Exception {
    var ran = new AtomicBoolean();
    try (var group = Group.in(parent).limit(1)) {
      group.fork(GroupTest::block);
      var waiting = ThreadKind.PLATFORM.start(() -> group.fork(() -> ran.getAndSet(true)));
      awaitWaiting(waiting.thread());
      var cause = new IOException("why");
      parent.cancel(cause);
      assertThatThrownBy(waiting::get).isInstanceOf(CancelledException.class).hasCause(cause);
      assertThatThrownBy(group::join).isInstanceOf(CancelledException.class).hasCause(cause);
    }
    assertThat(ran).isFalse();
  }

  @Test
  @DisplayName("row G7: an Error reaches join as the same object with the stack of the fork")
  void anErrorReachesJoin() {
    try (var group = Group.in(parent)) {
      Fork<?> blocked = group.fork(GroupTest::block);
      group.fork(GroupTest::defect);
      Throwable thrown = catchThrowable(group::join);
      assertThat(thrown).isExactlyInstanceOf(AssertionError.class).hasMessage("a defect");
      assertThat(thrown.getStackTrace()[0].getMethodName()).isEqualTo("defect");
      assertThat(group.context().cause()).isSameAs(thrown);
      assertThat(blocked.failure()).isInstanceOf(CancelledException.class).hasCause(thrown);
    }
  }

  private static int defect() {
    throw new AssertionError("a defect");
  }

  @Test
  @DisplayName("row G8: when no fork fails join returns, and the context is done")
  void joinEndsTheContext() throws Exception {
    try (var group = Group.in(parent)) {
      Fork<?> nothing = group.fork(() -> null);
      group.join();
      assertThat(nothing.result()).isNull();
      assertThat(nothing.failure()).isNull();
      assertThat(group.context().isDone()).isTrue();
    }
    assertThat(((Scope) parent).listeners()).isZero();
  }

  @Test
  void allGivesTheResultsInOrderWithinTheLimit() throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var operations = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      operations.add(() -> {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        Thread.onSpinWait();
        running.decrementAndGet();
        return number;
      });
    }
    List<Integer> expected = IntStream.range(0, 100).boxed().toList();
    assertThat(Group.all(parent, 3, operations)).isEqualTo(expected);
    assertThat(most.get()).isBetween(1, 3);
    assertThat(Group.all(parent, operations)).isEqualTo(expected);
    assertThat(Group.all(parent, List.<Callable<Integer>>of())).isEmpty();
  }

  @Test
  void allThrowsTheFailureAndCancelsTheRest() {
    var failure = new IOException("one of them");
    var begun = new CountDownLatch(1);
    var seen = new AtomicReference<Throwable>();
    List<Callable<Integer>> operations =
        List.of(
            () -> {
              begun.countDown();
              seen.set(catchThrowable(GroupTest::block));
              return 1;
            },
            () -> {
              await(begun);
              throw failure;
            });
    assertThatThrownBy(() -> Group.all(parent, operations))
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
    assertThat(seen.get()).as("ended before all() did").isInstanceOf(InterruptedException.class);
  }

  @Test
  void allAtTheLimitEndsWithTheParent() throws Exception {
    var begun = new CountDownLatch(1);
    var ran = new AtomicBoolean();
    List<Callable<Boolean>> operations =
        List.of(
            () -> {
              begun.countDown();
              return block();
            },
            () -> ran.getAndSet(true));
    var all = ThreadKind.PLATFORM.start(() -> Group.all(parent, 1, operations));
    await(begun);
    awaitWaiting(all.thread());
    parent.cancel();
    assertThatThrownBy(all::get).isInstanceOf(CancelledException.class);
    assertThat(ran).isFalse();
  }

  @Test
  void allAtTheLimitEndsWithAnInterrupt() throws Exception {
    var begun = new CountDownLatch(1);
    var seen = new AtomicReference<Throwable>();
    List<Callable<Boolean>> operations =
        List.of(
            () -> {
              begun.countDown();
              seen.set(catchThrowable(GroupTest::block));
              return true;
            },
            () -> true);
    var all = ThreadKind.PLATFORM.start(() -> Group.all(parent, 1, operations));
    await(begun);
    awaitWaiting(all.thread());
    all.thread().interrupt();
    assertThatThrownBy(all::get).isInstanceOf(InterruptedException.class);
    assertThat(seen.get()).as("ended before all() did").isInstanceOf(InterruptedException.class);
    assertThat(parent.isDone()).isFalse();
  }

  @Test
  void firstGivesTheFirstResultAndEndsTheOthers() throws Exception {
    var begun = new CountDownLatch(2);
    var cancelled = new AtomicInteger();
    Callable<String> slow =
        () -> {
          begun.countDown();
          try {
            return block();
          } catch (InterruptedException expected) {
            cancelled.incrementAndGet();
            throw expected;
          }
        };
    Callable<String> failing =
        () -> {
          throw new IOException("not this one");
        };
    Callable<String> fast =
        () -> {
          await(begun);
          return "fast";
        };
    assertThat(Group.first(parent, List.of(slow, failing, fast, slow))).isEqualTo("fast");
    assertThat(cancelled).as("ended before first() did").hasValue(2);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void firstThrowsWhenAllFail() {
    var one = new IOException("one");
    var other = new IOException("other");
    List<Callable<Integer>> operations =
        List.of(
            () -> {
              throw one;
            },
            () -> {
              throw other;
            });
    Throwable thrown = catchThrowable(() -> Group.first(parent, operations));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    Throwable failure = Objects.requireNonNull(thrown.getCause());
    assertThat(failure).isIn(one, other);
    assertThat(failure.getSuppressed()).containsExactly(failure == one ? other : one);
    assertThatThrownBy(() -> Group.first(parent, List.<Callable<Integer>>of()))
        .isInstanceOf(IllegalArgumentException.class);
    parent.cancel();
    assertThatThrownBy(() -> Group.first(parent, List.of(() -> 1)))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void aForkForksAndJoinWaitsForThatToo() throws Exception {
    try (var group = Group.in(parent)) {
      var inner = new AtomicReference<Fork<String>>();
      group.fork(() -> {
        inner.set(group.fork(() -> "from a fork"));
        return 1;
      });
      group.join();
      assertThat(inner.get().result()).isEqualTo("from a fork");
    }
  }

  @Test
  void closeWaitsAndKeepsAnInterrupt() throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    var ended = new AtomicBoolean();
    var closing =
        ThreadKind.PLATFORM.start(() -> {
          try (var group = Group.in(parent)) {
            group.fork(() -> {
              begun.countDown();
              var _ = catchThrowable(GroupTest::block);
              interrupted.countDown();
              await(mayEnd);
              ended.set(true);
              return 1;
            });
            await(begun);
          }
          return ended.get() && Thread.interrupted();
        });
    await(interrupted);
    awaitWaiting(closing.thread());
    closing.thread().interrupt();
    awaitWaiting(closing.thread());
    assertThat(closing.task().isDone()).isFalse();
    mayEnd.countDown();
    assertThat(closing.get()).isTrue();
  }

  @Test
  void anInterruptEndsJoinAndTheForksGoOn() throws Exception {
    var release = new CountDownLatch(1);
    try (var group = Group.in(parent)) {
      Fork<Boolean> fork =
          group.fork(() -> {
            await(release);
            return true;
          });
      var joining =
          ThreadKind.PLATFORM.start(() -> {
            group.join();
            return true;
          });
      awaitWaiting(joining.thread());
      joining.thread().interrupt();
      assertThatThrownBy(joining::get).isInstanceOf(InterruptedException.class);
      assertThat(fork.isDone()).isFalse();
      assertThatThrownBy(fork::result).isInstanceOf(IllegalStateException.class);
      release.countDown();
      group.join();
      assertThat(fork.result()).isTrue();
    }
  }

  @Test
  void aForkSeesTheContextOfTheGroupAsCurrent() throws Exception {
    Key<String> key = Key.of("key");
    try (var group = Group.in(parent.withValue(key, "value"))) {
      Fork<String> value = group.fork(() -> Context.current().value(key));
      Fork<Boolean> mayCancel = group.fork(() -> Context.current() instanceof CancellableContext);
      group.join();
      assertThat(value.result()).isEqualTo("value");
      assertThat(mayCancel.result()).isFalse();
    }
    try (var group = Group.in(parent)) {
      Fork<Boolean> follows =
          group.fork(() -> {
            boolean before = Context.current().isDone();
            group.context().cancel();
            return !before && Context.current().isDone();
          });
      group.join();
      assertThat(follows.result()).isTrue();
    }
  }

  @Test
  void nothingMayBeNull() {
    assertThatThrownBy(() -> Group.in(absent()))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("null context");
    try (var group = Group.in(parent)) {
      assertThatThrownBy(() -> group.fork(GroupTest.<Callable<Object>>absent()))
          .isInstanceOf(NullPointerException.class)
          .hasMessageContaining("nothing to fork");
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T absent() {
    return null;
  }

  /**
   * Forks that succeed, fail, block and fork, in groups of both kinds, with and without a limit.
   */
  @Test
  void randomForksAllEndBeforeTheirGroup() throws Exception {
    long seed = new Random().nextLong();
    int rounds = 60 * Integer.getInteger("lanyard.stress", 1);
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < rounds; round++) {
      var random = new Random(seed + round);
      int limit = random.nextBoolean() ? -1 : 1 + random.nextInt(8);
      var tree = new RandomForks(random.nextBoolean(), limit, threads);
      try (Group group = tree.group(parent)) {
        int forks = 1 + random.nextInt(100);
        for (int i = 0; i < forks && !group.context().isDone(); i++) {
          tree.fork(group, random.nextLong(), 3);
        }
        if (random.nextInt(4) == 0) group.context().cancel();
        Throwable thrown = catchThrowable(group::join);
        assertThat(tree.running).as("after join, seed %s", seed + round).hasValue(0);
        if (thrown == null) {
          assertThat(tree.failures).as("failures, seed %s", seed + round).hasValue(0);
        }
      }
      assertThat(tree.begun.get()).as("ended, seed %s", seed + round).isEqualTo(tree.ended.get());
      if (limit > 0) assertThat(tree.most.get()).as("seed %s", seed + round).isBetween(0, limit);
      assertThat(((Scope) parent).listeners()).isZero();
    }
    for (Thread each : threads) assertThat(each.join(Duration.ofSeconds(20))).isTrue();
  }

  private record RandomForks(
      boolean independent,
      int limit,
      Queue<Thread> threads,
      AtomicInteger begun,
      AtomicInteger ended,
      AtomicInteger running,
      AtomicInteger most,
      AtomicInteger failures) {
    RandomForks(boolean independent, int limit, Queue<Thread> threads) {
      this(
          independent,
          limit,
          threads,
          new AtomicInteger(),
          new AtomicInteger(),
          new AtomicInteger(),
          new AtomicInteger(),
          new AtomicInteger());
    }

    Group group(Context parent) {
      return (independent ? Group.independent(parent) : Group.in(parent)).limit(limit);
    }

    void fork(Group group, long seed, int depth) {
      Callable<Integer> operation = () -> work(group, new Random(seed), depth);
      try {
        // A fork that waited for a slot while it holds one could wait for itself.
        if (depth == 3) group.fork(operation);
        else group.tryFork(operation);
      } catch (ContextException ended) {
        // the group was cancelled, or a fork failed
      }
    }

    private int work(Group group, Random random, int depth) throws Exception {
      threads.add(Thread.currentThread());
      begun.incrementAndGet();
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        switch (random.nextInt(8)) {
          case 0 -> throw new IOException("by chance");
          case 1 -> group.context().sleep(Duration.ofMillis(random.nextInt(2)));
          case 2, 3 -> {
            if (depth > 0) fork(group, random.nextLong(), depth - 1);
          }
          case 4 -> Thread.onSpinWait();
          default -> {}
        }
        return depth;
      } catch (Exception failure) {
        failures.incrementAndGet();
        throw failure;
      } finally {
        running.decrementAndGet();
        ended.incrementAndGet();
      }
    }
  }
}
