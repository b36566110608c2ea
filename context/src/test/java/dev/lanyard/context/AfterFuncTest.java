package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section F: actions that run when a context is done. */
class AfterFuncTest {
  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final CancellableContext scope = root.withCancel();

  @Test
  @DisplayName("row 81: an action runs after the end, on a virtual thread of its own")
  void runsAfterTheEnd() {
    var seen = new AtomicReference<Thread>();
    var doneThen = new AtomicReference<Boolean>();
    scope.afterFunc(() -> {
      doneThen.set(scope.isDone());
      seen.set(Thread.currentThread());
    });
    assertThat(seen).hasNullValue();

    scope.cancel();

    Together.eventually("the action has run", () -> seen.get() != null);
    assertThat(seen.get().isVirtual()).isTrue();
    assertThat(seen.get()).isNotSameAs(Thread.currentThread());
    assertThat(doneThen).hasValue(true);
  }

  @Test
  @DisplayName("row 81: also after a deadline")
  void runsAfterTheDeadline() {
    CancellableContext timed = scope.withTimeout(Duration.ofSeconds(1));
    var ran = new CountDownLatch(1);
    timed.afterFunc(ran::countDown);
    clock.advance(Duration.ofSeconds(1));
    Together.await(ran);
    assertThat(timed.err()).isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  @DisplayName("row 82: on a context that is done it starts at once, and nobody waits for it")
  void startsAtOnce() {
    scope.cancel();
    var release = new CountDownLatch(1);
    var ran = new CountDownLatch(1);

    Registration registration =
        scope.afterFunc(() -> {
          Together.await(release);
          ran.countDown();
        });

    assertThat(registration.stop()).isFalse();
    assertThat(ran.getCount()).isOne();
    release.countDown();
    Together.await(ran);
  }

  @Test
  @DisplayName("row 82: onDone on a context that is done runs before it returns, on this thread")
  void onDoneRunsInline() {
    scope.cancel();
    var seen = new AtomicReference<Thread>();
    assertThat(scope.onDone(() -> seen.set(Thread.currentThread())).stop()).isFalse();
    assertThat(seen).hasValue(Thread.currentThread());
  }

  @Test
  @DisplayName("row 83: cancel does not wait for the action")
  void cancelDoesNotWait() {
    var cancelReturned = new CountDownLatch(1);
    var ran = new CountDownLatch(1);
    scope.afterFunc(() -> {
      Together.await(cancelReturned);
      ran.countDown();
    });
    scope.cancel();
    cancelReturned.countDown();
    Together.await(ran);
  }

  @Test
  @DisplayName("row 84: an action that was stopped never runs")
  void stoppedNeverRuns() {
    var ran = new AtomicInteger();
    Registration after = scope.afterFunc(ran::incrementAndGet);
    Registration inline = scope.onDone(ran::incrementAndGet);
    assertThat(after.stop()).isTrue();
    assertThat(inline.stop()).isTrue();

    scope.cancel();
    var later = new CountDownLatch(1);
    scope.afterFunc(later::countDown);
    Together.await(later);
    assertThat(ran).hasValue(0);
  }

  @Test
  @DisplayName("row 85: stop is false when the action has begun, and the second time")
  void stopIsTrueOnce() {
    Registration stopped = scope.afterFunc(() -> {});
    assertThat(stopped.stop()).isTrue();
    assertThat(stopped.stop()).isFalse();

    var ran = new CountDownLatch(1);
    Registration begun = scope.afterFunc(ran::countDown);
    scope.cancel();
    assertThat(begun.stop()).isFalse();
    Together.await(ran);
    assertThat(begun.stop()).isFalse();
    assertThat(stopped.stop()).isFalse();
  }

  @Test
  @DisplayName(
      "row 86: a million times, either stop was true or the action ran, never both or none")
  void stopXorRun() {
    int rounds = 1_000_000;
    int batch = 50_000;
    var outcomes = new AtomicIntegerArray(batch);
    int stopped = 0;
    for (int done = 0; done < rounds; done += batch) {
      var scopes = new CancellableContext[batch];
      var registrations = new Registration[batch];
      var left = new AtomicInteger(batch);
      for (int i = 0; i < batch; i++) {
        int at = i;
        Runnable action =
            () -> {
              outcomes.addAndGet(at, 1);
              left.decrementAndGet();
            };
        CancellableContext parent = root.withCancel();
        CancellableContext listened = i % 3 == 0 ? parent : parent.withCancel();
        scopes[i] = parent;
        registrations[i] = i % 16 == 0 ? listened.afterFunc(action) : listened.onDone(action);
      }
      Together.race(
          batch,
          i -> scopes[i].cancel(),
          i -> {
            if (registrations[i].stop()) {
              outcomes.addAndGet(i, 100);
              left.decrementAndGet();
            }
          });
      Together.eventually("every action has run or was stopped", () -> left.get() <= 0);
      for (int i = 0; i < batch; i++) {
        int outcome = outcomes.getAndSet(i, 0);
        if (outcome != 1 && outcome != 100) throw new AssertionError("outcome " + outcome);
        if (outcome == 100) stopped++;
      }
    }
    assertThat(stopped).as("both happen").isBetween(1, rounds - 1);
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 87: stop does not wait for an action that has begun")
  void stopDoesNotWait() {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var ran = new CountDownLatch(1);
    Registration registration =
        scope.afterFunc(() -> {
          begun.countDown();
          Together.await(release);
          ran.countDown();
        });
    scope.cancel();
    Together.await(begun);
    assertThat(registration.stop()).isFalse();
    assertThat(ran.getCount()).isOne();
    release.countDown();
    Together.await(ran);
  }

  @Test
  @DisplayName("row 88: stop takes the registration out of the context")
  void stopUnregisters() {
    List<Registration> registrations = new ArrayList<>();
    for (int i = 0; i < 5; i++) registrations.add(scope.afterFunc(() -> {}));
    assertThat(((Scope) scope).listeners()).isEqualTo(5);
    Collections.swap(registrations, 0, 2);
    for (int left = 4; left >= 0; left--) {
      registrations.get(left).stop();
      assertThat(((Scope) scope).listeners()).isEqualTo(left);
    }
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 89: several actions are independent of each other")
  void severalActions() {
    var ran = new CountDownLatch(2);
    var stopped = new AtomicInteger();
    var release = new CountDownLatch(1);
    scope.afterFunc(() -> Together.await(release));
    scope.afterFunc(ran::countDown);
    Registration one = scope.afterFunc(stopped::incrementAndGet);
    scope.afterFunc(ran::countDown);
    one.stop();
    scope.cancel();
    Together.await(ran);
    release.countDown();
    assertThat(stopped).hasValue(0);
  }

  @Test
  @DisplayName("row 90: where there is no end the action never runs, stop is true once")
  void neverEndingContext() {
    for (Context never : List.of(Context.background(), root, scope.withoutCancel())) {
      Registration registration = never.afterFunc(() -> {});
      assertThat(registration.stop()).isTrue();
      assertThat(registration.stop()).isFalse();
      assertThat(never.onDone(() -> {}).stop()).isTrue();
    }
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 92: an onDone that throws is reported, and disturbs nobody")
  void throwingCallback() {
    var told = new AtomicInteger();
    var reported = Collections.synchronizedList(new ArrayList<Throwable>());
    var returned = new AtomicInteger();
    CancellableContext child = scope.withCancel();
    child.onDone(told::incrementAndGet);
    scope.onDone(told::incrementAndGet);
    scope.onDone(() -> {
      throw new IllegalStateException("broken");
    });
    scope.onDone(() -> {
      throw new StackOverflowError("broken too");
    });
    scope.onDone(told::incrementAndGet);
    Thread canceller =
        Thread.ofPlatform()
            .daemon()
            .uncaughtExceptionHandler((thread, thrown) -> {
              reported.add(thrown);
              throw new IllegalStateException("the handler is broken too");
            })
            .start(() -> {
              scope.cancel();
              returned.incrementAndGet();
            });
    Together.join(canceller);

    assertThat(told).hasValue(3);
    assertThat(returned).hasValue(1);
    assertThat(reported)
        .extracting(Throwable::getMessage)
        .containsExactlyInAnyOrder("broken", "broken too");
  }

  @Test
  @DisplayName("row 93: an action wakes who waits for a condition")
  void wakesCondition() throws InterruptedException {
    var lock = new ReentrantLock();
    Condition changed = lock.newCondition();
    CancellableContext timed = scope.withCancel();
    Runnable wake =
        () -> {
          lock.lock();
          try {
            changed.signalAll();
          } finally {
            lock.unlock();
          }
        };
    var waiting = new CountDownLatch(1);
    Thread canceller =
        Thread.ofVirtual()
            .start(() -> {
              Together.await(waiting);
              timed.cancel();
            });
    lock.lock();
    try (Registration _ = timed.afterFunc(wake)) {
      waiting.countDown();
      while (!timed.isDone()) changed.await();
    } finally {
      lock.unlock();
    }
    Together.join(canceller);
    assertThat(((Scope) timed).listeners()).isZero();
  }

  @Test
  @DisplayName("row 93: an action ends a blocked read; who could not stop it waits for it")
  void endsBlockedRead() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        var peer = server.accept()) {
      var ended = new CountDownLatch(1);
      Registration ending =
          scope.afterFunc(() -> {
            try {
              client.shutdownInput();
            } catch (IOException impossible) {
              throw new IllegalStateException(impossible);
            } finally {
              ended.countDown();
            }
          });
      Thread canceller = Thread.ofVirtual().start(scope::cancel);

      try {
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      } catch (SocketException shutDownBeforeTheRead) {
        assertThat(scope.isDone()).isTrue();
      }

      if (!ending.stop()) Together.await(ended);
      assertThat(client.isInputShutdown()).isTrue();
      assertThat(peer.isClosed()).isFalse();
      Together.join(canceller);
    }
  }

  @Test
  @DisplayName("row 93: two contexts are merged by an action, or by linkedTo")
  void mergesContexts() {
    CancellableContext other = root.withCancel();
    CancellableContext byHand = scope.withCancel();
    Registration link = other.onDone(() -> byHand.cancel(other.cause()));
    byHand.onDone(link::close);
    Context linked = scope.linkedTo(other);

    var why = new Exception("why");
    other.cancel(why);

    assertThat(byHand.cause()).isSameAs(why);
    assertThat(linked.cause()).isSameAs(why);
    assertThat(linked.err()).isSameAs(other.err());
    assertThat(scope.isDone()).isFalse();
    assertThat(root.listening()).isEmpty();
  }
}
