package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a scope gets lanes, and when it is too late for them. */
class WideningTest {
  private final RootContext root = Context.root(new HandClock());
  private final CancellableContext above = root.withCancel();
  private final CancellableContext beside = root.withCancel();
  private final AtomicInteger told = new AtomicInteger();

  private static int listeners(Context context) {
    return ((Scope) context).listeners();
  }

  /** Cancels on another thread, which then waits for the lock of somebody below that is held. */
  private static Thread cancelling(CancellableContext context) {
    Thread canceller = Thread.ofPlatform().daemon().start(context::cancel);
    Together.eventually("it has ended", ((Scope) context)::hasEnded);
    return canceller;
  }

  @Test
  @DisplayName("two threads that meet once are not enough")
  void meetingOnce() {
    Scope scope = (Scope) above.withCancel();
    Together.join(Crowd.meet(scope));
    assertThat(scope.lanes()).isNull();
  }

  @Test
  @DisplayName("a context at the top that has ended forgets its lanes")
  void forgetsLanes() {
    CancellableContext top = Crowd.under(root.withCancel());
    var lanes = new WeakReference<>(((Scope) top).lanes());
    top.onDone(told::incrementAndGet);

    top.cancel();

    assertThat(told).hasValue(1);
    Together.isCollected(lanes);
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("while the end comes from above it is too late, and nothing is left behind")
  void whileTheEndComes() {
    CancellableContext linked = above.linkedTo(beside);
    linked.onDone(told::incrementAndGet);
    CancellableContext newest = above.withCancel();
    newest.onDone(told::incrementAndGet);

    Thread canceller;
    ((Scope) newest).lock(); // the first that the end comes to
    try {
      canceller = cancelling(above);
      for (int meetings = 0; meetings < 20; meetings++) Together.join(Crowd.meet((Scope) linked));
      assertThat(((Scope) linked).lanes()).isNull();
      assertThat(listeners(beside)).isOne();
    } finally {
      ((Scope) newest).unlock();
    }
    Together.join(canceller);

    assertThat(told).hasValue(2);
    assertThat(linked.err()).isSameAs(above.err());
    assertThat(listeners(beside)).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("if the end comes from above while the place changes, nothing is left behind")
  void whileThePlaceChanges() {
    CancellableContext linked = above.linkedTo(beside);
    linked.onDone(told::incrementAndGet);
    CancellableContext newest = above.withCancel();
    newest.onDone(told::incrementAndGet);

    Thread changing;
    Thread canceller;
    ((Scope) newest).lock();
    try {
      ((Scope) beside).lock(); // the second place that is taken
      try {
        do {
          Thread meeting = Crowd.meet((Scope) linked);
          Together.eventually(
              "it is over, or changes the place",
              () -> !meeting.isAlive() || LockSupport.getBlocker(meeting) == beside);
          changing = meeting;
        } while (!changing.isAlive());
        canceller = cancelling(above);
      } finally {
        ((Scope) beside).unlock();
      }
      Together.join(changing);
      assertThat(((Scope) linked).lanes()).isNull();
      assertThat(listeners(beside)).isZero();
    } finally {
      ((Scope) newest).unlock();
    }
    Together.join(canceller);

    assertThat(told).hasValue(2);
    assertThat(linked.err()).isSameAs(above.err());
    assertThat(root.listening()).isEmpty();
  }
}
