package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Regions within regions whose contexts end at about the same time, in any order, while the
 * operation blocks, computes, swallows the interrupt or passes it on, with shields in between. In
 * each round every context ends, so whoever blocks inside a region must be interrupted (or an
 * interrupt was lost), and nobody outside (or one leaked).
 *
 * <p>{@code -Dlanyard.stress=N} runs N times as many rounds.
 */
class InterruptStressTest {
  private static final int ROUNDS = 10_000 * Integer.getInteger("lanyard.stress", 1);

  private static final class Lost extends Error {
    private static final long serialVersionUID = 1;

    Lost() {
      super("an interrupt was lost");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(3600)
  void nestedRegionsLoseNoInterruptAndLeakNone(ThreadKind kind) throws Exception {
    long seed = new Random().nextLong();
    var phase = new Phaser(2);
    var round = new Round[1];
    var worker =
        kind.start(() -> {
          int leaked = 0;
          for (int i = 0; i < ROUNDS; i++) {
            phase.arriveAndAwaitAdvance();
            if (Thread.interrupted()) leaked++;
            round[0].run();
            for (int spin = 0; spin < 100; spin++) {
              if (Thread.interrupted()) leaked++;
              Thread.onSpinWait();
            }
            phase.arriveAndAwaitAdvance();
          }
          return leaked;
        });
    int lost = 0;
    int pierced = 0;
    for (int i = 0; i < ROUNDS && !worker.task().isDone(); i++) {
      round[0] = new Round(new Random(seed + i));
      phase.arriveAndAwaitAdvance();
      round[0].endContexts();
      phase.arriveAndAwaitAdvance();
      if (round[0].lost) lost++;
      if (round[0].pierced) pierced++;
    }
    int leaked = worker.get();
    assertThat(lost).as("lost, seed %s", seed).isZero();
    assertThat(pierced).as("shields that were pierced, seed %s", seed).isZero();
    assertThat(leaked).as("leaked, seed %s", seed).isZero();
  }

  private enum Work {
    COMPUTE,
    BLOCK,
    SWALLOW,
    RESTORE_AND_FAIL
  }

  private static final class Round {
    private static final List<Work> WORKS = List.of(Work.values());

    private final List<CancellableContext> regions = new ArrayList<>();
    private final List<CancellableContext> toEnd;
    private final boolean[] goesOn;
    private final boolean[] shielded;
    private final Work work;
    private final int computing;
    private final int delay;
    private final int pause;

    /** Written by the worker before the end of the round. */
    private boolean lost;

    private boolean pierced;

    Round(Random random) {
      int depth = 1 + random.nextInt(3);
      goesOn = new boolean[depth];
      shielded = new boolean[depth + 1];
      for (int i = 0; i <= depth; i++) shielded[i] = random.nextInt(4) == 0;
      for (int i = 0; i < depth; i++) {
        boolean related = i > 0 && random.nextInt(3) > 0;
        regions.add((related ? regions.get(i - 1) : Context.background()).withCancel());
        goesOn[i] = i > 0 && random.nextBoolean();
      }
      toEnd = new ArrayList<>(regions);
      if (random.nextInt(3) == 0) Collections.shuffle(toEnd, random);
      work = WORKS.get(random.nextInt(WORKS.size()));
      computing = random.nextInt(3_000);
      delay = random.nextInt(3_000);
      pause = random.nextInt(4) == 0 ? random.nextInt(1_000) : 0;
    }

    void endContexts() {
      spin(delay);
      for (CancellableContext each : toEnd) {
        each.cancel();
        spin(pause);
      }
    }

    void run() {
      try {
        enter(0);
      } catch (Lost interrupt) {
        lost = true;
      } catch (InterruptedException | IllegalStateException expected) {
        // how an operation ends that was interrupted
      }
    }

    private boolean enter(int level) throws InterruptedException {
      if (shielded[level]) shield(level);
      if (level == regions.size()) return work();
      boolean result = false;
      try {
        result = regions.get(level).callInterruptibly(() -> enter(level + 1));
      } catch (InterruptedException | IllegalStateException ended) {
        if (!goesOn[level]) throw ended;
      }
      // Here the region around has not seen its interrupt, whatever happened to that inside.
      return goesOn[level] ? block() : result;
    }

    /** With a shield inside, or a region that nobody interrupts, or nothing. */
    private void shield(int level) {
      Context.shielded(() -> {
        switch ((computing + level) % 3) {
          case 0 -> Context.shielded(() -> spinUninterrupted(computing / 8));
          case 1 ->
              Context.background().withCancel().callInterruptibly(() -> spinUninterrupted(100));
          default -> {}
        }
        return spinUninterrupted(computing / 8);
      });
    }

    private boolean spinUninterrupted(int times) {
      for (int i = 0; i < times; i++) {
        if (Thread.currentThread().isInterrupted()) pierced = true;
        Thread.onSpinWait();
      }
      return true;
    }

    private boolean work() throws InterruptedException {
      return switch (work) {
        case COMPUTE -> {
          for (int i = 0; i < computing; i++) {
            if (Thread.interrupted()) throw new InterruptedException();
            Thread.onSpinWait();
          }
          yield true;
        }
        case BLOCK -> block();
        case SWALLOW -> {
          try {
            yield block();
          } catch (InterruptedException swallowed) {
            yield true;
          }
        }
        case RESTORE_AND_FAIL -> {
          try {
            yield block();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
          }
        }
      };
    }

    private static boolean block() throws InterruptedException {
      if (new CountDownLatch(1).await(10, TimeUnit.SECONDS)) throw new AssertionError("impossible");
      throw new Lost();
    }

    private static void spin(int times) {
      for (int i = 0; i < times; i++) Thread.onSpinWait();
    }
  }
}
