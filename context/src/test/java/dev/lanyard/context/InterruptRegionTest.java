package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InterruptRegionTest {
  private final CancellableContext context = Context.background().withCancel();

  /** Blocks until the thread is interrupted. */
  @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
  private static <T> T block() throws InterruptedException {
    if (new CountDownLatch(1).await(20, TimeUnit.SECONDS)) throw new AssertionError("impossible");
    throw new AssertionError("nobody interrupted this");
  }

  private record Outcome(@Nullable Throwable thrown, boolean interrupted) {
    Throwable[] suppressed() {
      return Objects.requireNonNull(thrown, "it ended well").getSuppressed();
    }
  }

  /** How a call ends, and whether it leaves an interrupt behind. */
  private static Outcome outcome(ThreadKind kind, ThrowingRunnable body) throws Exception {
    return kind.call(() -> {
      Throwable thrown = catchThrowable(body::run);
      return new Outcome(thrown, Thread.interrupted());
    });
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void theEndInterruptsWhatBlocks(ThreadKind kind) throws Exception {
    var cause = new IllegalStateException("enough");
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  context.cancel(cause);
                  return block();
                }));
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class).hasCause(cause);
    assertThat(outcome.suppressed()).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptOfTheOuterRegionThatPassesThroughTheInnerOneIsNotLeaked(ThreadKind kind)
      throws Exception {
    Context live = Context.background().withCancel();
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() ->
                    live.callInterruptibly(() -> {
                      context.cancel();
                      return block();
                    })));
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptOfTheOuterRegionThatTheInnerOneSwallowsIsNotLost(ThreadKind kind)
      throws Exception {
    Context live = Context.background().withCancel();
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  live.callInterruptibly(() -> {
                    context.cancel();
                    return catchThrowable(InterruptRegionTest::block);
                  });
                  return block();
                }));
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.suppressed()).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void theOuterRegionIsFoundThroughRunAndCall(ThreadKind kind) throws Exception {
    Context live = Context.background().withCancel();
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  Context.background()
                      .run(() ->
                          live.withValue(Key.of("k"), 1)
                              .call(() ->
                                  live.callInterruptibly(() -> {
                                    context.cancel();
                                    return catchThrowable(InterruptRegionTest::block);
                                  })));
                  return block();
                }));
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aForeignInterruptIsRethrownUntouched(ThreadKind kind) throws Exception {
    var foreign = new InterruptedException("foreign");
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  throw foreign;
                }));
    assertThat(outcome.thrown).isSameAs(foreign);
    assertThat(outcome.suppressed()).isEmpty();
    assertThat(outcome.interrupted).isFalse();
    assertThat(context.isDone()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aForeignInterruptThatIsPendingStaysPending(ThreadKind kind) throws Exception {
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  Thread.currentThread().interrupt();
                  return 1;
                }));
    assertThat(outcome).isEqualTo(new Outcome(null, true));
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptPendingAtEntryIsKeptWhetherTheContextEndsOrNot(ThreadKind kind) throws Exception {
    for (boolean ends : new boolean[] {false, true}) {
      try (var each = Context.background().withCancel()) {
        Outcome outcome =
            outcome(
                kind,
                () -> {
                  Thread.currentThread().interrupt();
                  each.callInterruptibly(() -> {
                    if (ends) each.cancel();
                    return 1;
                  });
                });
        assertThat(outcome).isEqualTo(new Outcome(null, true));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofOurInterruptAndAForeignOneTheForeignOneRemains(ThreadKind kind) throws Exception {
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  context.cancel();
                  try {
                    return block();
                  } catch (InterruptedException ours) {
                    Thread.currentThread().interrupt(); // as anybody may at this moment
                    throw ours;
                  }
                }));
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aValueThatWasReturnedWins(ThreadKind kind) throws Exception {
    String value =
        kind.call(() -> {
          String result =
              context.callInterruptibly(() -> {
                context.cancel();
                return "value";
              });
          return result + Thread.interrupted();
        });
    assertThat(value).isEqualTo("valuefalse");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheOperationThrowsAfterTheEndIsSuppressed(ThreadKind kind) throws Exception {
    var thrown = new IllegalStateException("because of the interrupt, perhaps");
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  context.cancel();
                  throw thrown;
                }));
    assertThat(outcome.thrown)
        .isInstanceOf(CancelledException.class)
        .hasSuppressedException(thrown);
    assertThat(outcome.interrupted).isFalse();
  }

  @Test
  void anErrorAndTheEndOfAContextAreThrownAsTheyAre() {
    var error = new AssertionError("a defect");
    var ended = Context.background().withCancel();
    ended.cancel();
    ContextException end = ended.err();
    for (Throwable each : new Throwable[] {error, end}) {
      var cancelled = Context.background().withCancel();
      assertThatThrownBy(() ->
              cancelled.<Object, Throwable>callInterruptibly(() -> {
                cancelled.cancel();
                throw each;
              }))
          .isSameAs(each);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void underAContextThatHasEndedNothingRuns() {
    context.cancel();
    var ran = new AtomicBoolean();
    assertThatThrownBy(() ->
            context.callInterruptibly(() -> {
              ran.set(true);
              return 1;
            }))
        .isInstanceOf(CancelledException.class);
    assertThat(ran).isFalse();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void underAnEndAboveThatNobodyHasSeenNothingRuns() {
    var clock = new HandClock();
    CancellableContext above = Context.root(clock).withCancel();
    Context below = above.withCancel().withValue(Key.of("k"), 1);
    Context late = Context.root(clock).withTimeout(Duration.ofSeconds(1));
    above.cancel();
    clock.advance(Duration.ofSeconds(1));
    for (Context each : List.of(below, late)) {
      assertThatThrownBy(() ->
              each.callInterruptibly(() -> {
                throw new AssertionError("it ran");
              }))
          .isInstanceOf(ContextException.class);
    }
  }

  @Test
  void underAContextThatNeverEndsTheOperationSimplyRuns() {
    Context values = Context.background().withValue(Key.of("k"), 1);
    Context seen = values.callInterruptibly(Context::current);
    assertThat(seen).isSameAs(values);
  }

  @Test
  void aRegionLeavesNoListenerBehind() {
    var scope = (Scope) context;
    int inside = context.callInterruptibly(scope::listeners);
    assertThat(inside).isOne();
    assertThat(scope.listeners()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void aRegionOfAnotherThreadIsNotConfused(ThreadKind kind) throws Exception {
    var other = Context.background().withCancel();
    var inOther = new CountDownLatch(1);
    var letOtherGo = new CountDownLatch(1);
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  // Wrapped inside the region, and run where there is none around it.
                  var running =
                      kind.start(
                          context.wrap(() ->
                              other.callInterruptibly(() -> {
                                inOther.countDown();
                                return letOtherGo.await(20, TimeUnit.SECONDS);
                              })));
                  assertThat(inOther.await(20, TimeUnit.SECONDS)).isTrue();
                  context.cancel();
                  var interrupted = catchThrowable(InterruptRegionTest::block);
                  letOtherGo.countDown();
                  assertThat(running.get()).isTrue();
                  throw (InterruptedException) interrupted;
                }));
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isFalse();
    assertThat(other.isDone()).isFalse();
  }

  /**
   * The forks of a structured scope inherit what is bound where they are forked. In Java 25 that is
   * a preview, so it is called by its names.
   */
  @Test
  void aForkInsideARegionIsNotInIt() throws Exception {
    Class<?> structured = Class.forName("java.util.concurrent.StructuredTaskScope");
    var other = Context.background().withCancel();
    var inFork =
        new FutureTask<>(() -> {
          assertThat(Context.current()).as("it inherits").hasToString(context.toString());
          context.cancel();
          other.callInterruptibly(() -> 1);
          return Thread.interrupted();
        });
    boolean interrupted =
        context.<Boolean, Exception>callInterruptibly(() -> {
          try (var scope = (AutoCloseable) structured.getMethod("open").invoke(null)) {
            structured.getMethod("fork", Runnable.class).invoke(scope, inFork);
            Together.eventually("the fork is over", inFork::isDone);
            Together.eventually("this thread is interrupted", Thread::interrupted);
            structured.getMethod("join").invoke(scope);
          }
          return inFork.get();
        });
    assertThat(interrupted).isFalse();
  }

  /** Its closing blocks for as long as the test says. */
  private static final class SlowToClose extends AbstractInterruptibleChannel {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch mayClose = new CountDownLatch(1);

    Object read() throws Exception {
      begin();
      try {
        entered.countDown();
        return block();
      } catch (InterruptedException interrupted) {
        // The flag is set before the blocker is looked up: leaving now could leave nothing to
        // close.
        var _ = closing.await(20, TimeUnit.SECONDS);
        Thread.currentThread().interrupt();
        return "interrupted";
      } finally {
        end(false);
      }
    }

    /** Leaves with the channel still registered as what an interrupt closes. */
    Object readAndStay() throws Exception {
      begin();
      try {
        entered.countDown();
        return block();
      } catch (InterruptedException interrupted) {
        var _ = closing.await(20, TimeUnit.SECONDS);
        throw interrupted;
      }
    }

    void goOn() throws AsynchronousCloseException {
      end(true);
    }

    @Override
    protected void implCloseChannel() {
      closing.countDown();
      boolean opened = false;
      while (!opened) {
        try {
          opened = mayClose.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
          // it must block whatever happens
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelDoesNotWaitForAnInterruptThatBlocks(ThreadKind kind) throws Exception {
    var channel = new SlowToClose();
    var running =
        kind.start(() -> {
          Throwable thrown = catchThrowable(() -> context.callInterruptibly(channel::read));
          return new Outcome(thrown, Thread.interrupted());
        });
    assertThat(channel.entered.await(20, TimeUnit.SECONDS)).isTrue();
    var canceller =
        ThreadKind.PLATFORM.start(() -> {
          context.cancel();
          return true;
        });
    assertThat(canceller.get()).isTrue();
    assertThat(channel.closing.await(20, TimeUnit.SECONDS)).isTrue();
    // The interrupt has not landed, so the thread may not go on to what it does next.
    assertThat(running.task().isDone()).isFalse();
    channel.mayClose.countDown();
    Outcome outcome = running.get();
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  private interface Reading {
    Object of(SlowToClose channel) throws Exception;
  }

  /** Has a thread leave its region before the interrupt has landed. */
  private Outcome leaveEarly(Reading reading, Consumer<Thread> whileItSleeps) throws Exception {
    var channel = new SlowToClose();
    var running =
        ThreadKind.PLATFORM.start(() -> {
          Throwable thrown =
              catchThrowable(() -> context.callInterruptibly(() -> reading.of(channel)));
          boolean interrupted = Thread.interrupted();
          assertThatThrownBy(channel::goOn).isInstanceOf(ClosedByInterruptException.class);
          return new Outcome(thrown, interrupted);
        });
    assertThat(channel.entered.await(20, TimeUnit.SECONDS)).isTrue();
    context.cancel();
    Together.eventually("it sleeps", () -> isLeaving(running.thread()));
    whileItSleeps.accept(running.thread());
    channel.mayClose.countDown();
    return running.get();
  }

  private static boolean isLeaving(Thread thread) {
    return LockSupport.getBlocker(thread) instanceof InterruptRegion;
  }

  @Test
  void aThreadSleepsUntilItsInterruptHasLanded() throws Exception {
    Outcome outcome = leaveEarly(channel -> catchThrowable(channel::readAndStay), _ -> {});
    assertThat(outcome).isEqualTo(new Outcome(null, false));
  }

  @Test
  void aThreadThatHasReportedItsInterruptAndSleptUntilItLandedIsNotInterruptedAgain()
      throws Exception {
    Outcome outcome = leaveEarly(SlowToClose::readAndStay, _ -> {});
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.suppressed()).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @Test
  void aForeignInterruptThatComesWhileAThreadSleepsIsNotLost() throws Exception {
    Outcome outcome =
        leaveEarly(
            SlowToClose::readAndStay,
            thread -> {
              // It closes the channel, too, and so waits for the other.
              Thread foreign = Thread.ofPlatform().daemon().start(thread::interrupt);
              Together.eventually(
                  "it has interrupted", () -> foreign.getState() == Thread.State.BLOCKED);
              Together.eventually(
                  "the other sleeps on", () -> !thread.isInterrupted() && isLeaving(thread));
            });
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isTrue();
  }

  @Test
  void aSocketReadOnAVirtualThreadEnds() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var accepted = server.accept()) {
      var reading = new CountDownLatch(1);
      var running =
          ThreadKind.VIRTUAL.start(() -> {
            Throwable thrown =
                catchThrowable(() ->
                    context.callInterruptibly(() -> {
                      reading.countDown();
                      return client.getInputStream().read();
                    }));
            return new Outcome(thrown, Thread.interrupted());
          });
      assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
      context.cancel();
      Outcome outcome = running.get();
      assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
      assertThat(outcome.suppressed()).singleElement().isInstanceOf(SocketException.class);
      assertThat(outcome.interrupted).isFalse();
      assertThat(accepted.getInputStream().read()).as("the connection is closed").isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShieldHoldsTheInterruptBackUntilItsOperationHasReturned(ThreadKind kind) throws Exception {
    var inside = new AtomicBoolean();
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  Context.shielded(() -> {
                    context.cancel();
                    inside.set(Thread.currentThread().isInterrupted());
                    return null;
                  });
                  return block();
                }));
    assertThat(inside).isFalse();
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.suppressed()).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aShieldAlsoHoldsBackWhatHadArrived(ThreadKind kind) throws Exception {
    var inside = new AtomicBoolean();
    Outcome outcome =
        outcome(
            kind,
            () -> {
              Thread.currentThread().interrupt();
              Context.shielded(() -> {
                inside.set(Thread.currentThread().isInterrupted());
                return null;
              });
            });
    assertThat(inside).isFalse();
    assertThat(outcome.interrupted).as("given back").isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void theInnerOfTwoShieldsGivesNothingBackThatTheOuterHolds(ThreadKind kind) throws Exception {
    var inside = new AtomicBoolean();
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() -> {
                  Context.shielded(() -> {
                    Context.shielded(() -> {
                      context.cancel();
                      return null;
                    });
                    inside.set(Thread.currentThread().isInterrupted());
                    return null;
                  });
                  return block();
                }));
    assertThat(inside).isFalse();
    assertThat(outcome.thrown).isInstanceOf(CancelledException.class);
    assertThat(outcome.interrupted).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aRegionInsideAShieldIsInterruptedForItsOwnContextOnly(ThreadKind kind) throws Exception {
    CancellableContext inner = Context.background().withCancel();
    var afterwards = new AtomicBoolean();
    Outcome outcome =
        outcome(
            kind,
            () ->
                context.callInterruptibly(() ->
                    Context.shielded(() -> {
                      context.cancel();
                      Throwable thrown =
                          catchThrowable(() ->
                              inner.callInterruptibly(() -> {
                                inner.cancel();
                                return block();
                              }));
                      assertThat(thrown).isInstanceOf(CancelledException.class);
                      afterwards.set(Thread.currentThread().isInterrupted());
                      return null;
                    })));
    assertThat(afterwards).isFalse();
    assertThat(outcome.thrown).as("the result is given, nothing was interrupted").isNull();
    assertThat(outcome.interrupted).isFalse();
  }
}
