package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section I: races, locks and what they leave behind. */
class RacesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private static Runnable quietly(InterruptibleAction action) {
    return () -> {
      try {
        action.run();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    };
  }

  private interface InterruptibleAction {
    void run() throws InterruptedException;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 113: a tree of a hundred, each node cancelled by its own thread, in any order")
  void simultaneousCancels(Attention attention) {
    List<CancellableContext> nodes = new ArrayList<>();
    nodes.add(attention.on(root.withCancel()));
    for (int i = 1; i < 100; i++) {
      CancellableContext parent = nodes.get((i - 1) / 4);
      nodes.add(attention.on(i % 3 == 0 ? parent.withTimeout(HOUR) : parent.withCancel()));
    }
    List<CancellableContext> shuffled = new ArrayList<>(nodes);
    Collections.shuffle(shuffled, new Random(113));

    Together.run(
        shuffled.stream().map(node -> (Runnable) node::cancel).toList(),
        Thread.ofVirtual().factory());

    assertThat(nodes).allMatch(Context::isDone);
    assertThat(root.listening()).isEmpty();
    assertThat(clock.armed()).isZero();
  }

  @Test
  @DisplayName("row 114: who is woken by the parent's end cancels the child meanwhile")
  void interlockedCancels() {
    for (int round = 0; round < 200; round++) {
      CancellableContext parent = root.withCancel();
      CancellableContext child = parent.withCancel();
      child.onDone(() -> {});
      Together.run(
          List.of(
              parent::cancel,
              quietly(() -> {
                parent.await();
                child.cancel();
              })),
          Thread.ofVirtual().factory());
      assertThat(child.isDone()).isTrue();
    }
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 114: also from callbacks on the cancelling thread, up and down the tree")
  void interlockedCallbacks() {
    CancellableContext top = root.withCancel();
    CancellableContext middle = top.withCancel();
    CancellableContext leaf = middle.withTimeout(HOUR);
    var told = new AtomicInteger();
    for (CancellableContext listened : List.of(top, middle, leaf)) {
      for (CancellableContext cancelled : List.of(top, middle, leaf)) {
        listened.onDone(() -> {
          cancelled.cancel();
          told.incrementAndGet();
        });
      }
    }
    leaf.cancel();
    assertThat(told).hasValue(9);
    assertThat(top.isDone()).isTrue();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 115: a lock of the tree is only taken under that of a younger context")
  void lockOrder() {
    CancellableContext parent = root.withTimeout(HOUR);
    CancellableContext child = parent.withTimeout(HOUR.dividedBy(2));
    List<List<Boolean>> schedules = new ArrayList<>();
    List<List<Boolean>> stops = new ArrayList<>();
    clock.observe(
        () -> schedules.add(List.of(((Scope) parent).isLocked(), ((Scope) child).isLocked())),
        () -> stops.add(List.of(((Scope) parent).isLocked(), ((Scope) child).isLocked())));

    Registration registration = child.onDone(() -> {});
    assertThat(schedules)
        .as("the parent's timer under both locks, then the child's under its own")
        .containsExactly(List.of(true, true), List.of(false, true));

    registration.stop();
    assertThat(stops)
        .as("on the way out nobody holds the parent's alone and then the child's")
        .hasSize(2)
        .contains(List.of(false, true));

    child.onDone(() -> {});
    stops.clear();
    parent.cancel();
    assertThat(stops)
        .as("whoever ends them stops their timers under no lock")
        .containsExactly(List.of(false, false), List.of(false, false));
  }

  @Test
  @DisplayName("row 115: an interrupt ends no wait for a lock of the tree, and stays set")
  void interruptedBeforeLock() {
    Scope scope = (Scope) root.withCancel();
    var stillSet = new AtomicBoolean();
    Thread waiting;
    scope.lock();
    try {
      waiting =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                Thread.currentThread().interrupt();
                scope.onDone(() -> {});
                stillSet.set(Thread.currentThread().isInterrupted());
              });
      Together.eventually("it waits for the lock", () -> LockSupport.getBlocker(waiting) == scope);
    } finally {
      scope.unlock();
    }
    Together.join(waiting);

    assertThat(stillSet).isTrue();
    assertThat(scope.listeners()).isOne();
  }

  @Test
  @DisplayName("row 116: no code of the user runs under a lock of the tree")
  void noUserCodeUnderLock() {
    CancellableContext parent = root.withTimeout(HOUR);
    CancellableContext child = parent.withTimeout(Duration.ofSeconds(1));
    CancellableContext linked = child.linkedTo(root.withCancel());
    BooleanSupplier locked =
        () ->
            ((Scope) parent).isLocked()
                || ((Scope) child).isLocked()
                || ((Scope) linked).isLocked()
                || Thread.holdsLock(root)
                || Thread.holdsLock(clock);
    List<Boolean> seen = new ArrayList<>();
    Runnable look = () -> seen.add(locked.getAsBoolean());

    linked.onDone(look);
    child.onDone(look);
    var _ = child.done().thenRun(look);
    clock.advance(Duration.ofSeconds(1));
    assertThat(seen).containsExactly(false, false, false);

    seen.clear();
    child.onDone(look);
    var _ = child.done().thenRun(look);
    parent.onDone(look);
    var _ = parent.done().thenRun(look);
    parent.cancel();
    parent.onDone(look);
    parent.withCancel().onDone(look);
    assertThat(seen).hasSize(6).doesNotContain(true);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  @DisplayName(
      "row 117: whatever meets whatever, in the end nothing is linked and no timer is armed")
  void randomStress(long seed) {
    var building = new Random(seed);
    List<CancellableContext> nodes = new ArrayList<>();
    nodes.add(root.withCancel());
    nodes.add(root.withTimeout(Duration.ofSeconds(2000)));
    for (int i = 2; i < 60; i++) {
      Context parent = nodes.get(building.nextInt(nodes.size()));
      nodes.add(
          switch (building.nextInt(4)) {
            case 0 -> parent.withTimeout(Duration.ofSeconds(1 + building.nextInt(2000)));
            case 1 -> parent.linkedTo(nodes.get(building.nextInt(nodes.size())));
            default -> parent.withCancel();
          });
    }
    var added = new AtomicInteger();
    var ran = new AtomicInteger();
    var stopped = new AtomicInteger();
    List<Runnable> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      long own = seed * 31 + t;
      threads.add(() -> {
        var random = new Random(own);
        List<Registration> mine = new ArrayList<>();
        for (int step = 0; step < 1500; step++) {
          CancellableContext node = nodes.get(random.nextInt(nodes.size()));
          switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
              mine.add(node.onDone(ran::incrementAndGet));
              added.incrementAndGet();
            }
            case 3, 4 -> {
              if (!mine.isEmpty() && mine.remove(random.nextInt(mine.size())).stop())
                stopped.incrementAndGet();
            }
            case 5 -> node.done();
            case 6 -> Attention.pollInALoop(node);
            case 7 -> {
              CancellableContext child = node.withTimeout(Duration.ofSeconds(random.nextInt(9)));
              mine.add(child.onDone(ran::incrementAndGet));
              added.incrementAndGet();
              if (random.nextBoolean()) child.cancel();
            }
            case 8 -> node.extendTo(Deadline.after(Duration.ofSeconds(1900), clock));
            case 9 -> clock.advance(Duration.ofMillis(random.nextInt(200)));
            case 10 -> node.err();
            default -> {
              if (random.nextInt(40) == 0) node.cancel(new Exception("thread " + own));
            }
          }
        }
      });
    }
    Together.run(threads);
    nodes.get(0).cancel();
    nodes.get(1).cancel();

    assertThat(nodes).allMatch(Context::isDone);
    assertThat(ran.get() + stopped.get()).isEqualTo(added.get());
    assertThat(root.listening()).isEmpty();
    assertThat(nodes).allMatch(node -> ((Scope) node).listeners() == 0);
    assertThat(clock.armed()).isZero();
  }

  @Test
  @DisplayName("row 118: what was written before the cancel is read after the end was seen")
  void happensBefore() {
    int rounds = 30_000;
    var written = new int[rounds];
    List<CancellableContext> scopes = new ArrayList<>();
    List<Context> seen = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      CancellableContext scope = root.withCancel();
      scopes.add(scope);
      seen.add(i % 2 == 0 ? scope : scope.withCancel());
    }
    Together.race(
        rounds,
        i -> {
          written[i] = 1;
          scopes.get(i).cancel();
        },
        i -> {
          Context context = seen.get(i);
          BooleanSupplier ended =
              switch (i % 3) {
                case 0 -> context::isDone;
                case 1 -> () -> context.err() != null;
                default -> () -> context.cause() != null;
              };
          while (!ended.getAsBoolean()) Thread.onSpinWait();
          if (written[i] != 1) throw new AssertionError("not seen in round " + i);
        });
  }

  @Test
  @DisplayName("row 118: also by whoever waits or is told")
  void happensBeforeCallbacks() throws InterruptedException {
    for (int round = 0; round < 100; round++) {
      CancellableContext scope = root.withCancel();
      var written = new int[1];
      var read = new int[3];
      var ran = new CountDownLatch(1);
      scope.afterFunc(() -> {
        read[0] = written[0];
        ran.countDown();
      });
      var stage = scope.withCancel().done().thenRun(() -> read[1] = written[0]);
      Together.run(
          List.of(
              () -> {
                written[0] = 1;
                scope.cancel();
              },
              quietly(() -> {
                scope.await();
                read[2] = written[0];
              })),
          Thread.ofVirtual().factory());
      ran.await();
      assertThat(stage.toCompletableFuture()).isCompleted();
      assertThat(read).containsExactly(1, 1, 1);
    }
  }
}
