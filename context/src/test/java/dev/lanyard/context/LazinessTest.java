package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A context has a place in its parent, and a timer, only while somebody listens below it. */
class LazinessTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private static int listeners(Context context) {
    return ((Scope) context).listeners();
  }

  @Test
  @DisplayName("row 26: a forgotten context leaks nothing: no place, no timer, no memory")
  void forgottenContextsLeakNothing() {
    CancellableContext parent = root.withCancel();
    List<WeakReference<Context>> forgotten = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      CancellableContext child = parent.withTimeout(HOUR);
      child.withCancel();
      if (i % 1000 == 0) forgotten.add(new WeakReference<>(child));
    }

    assertThat(listeners(parent)).isZero();
    assertThat(root.listening()).isEmpty();
    assertThat(clock.armed()).isZero();
    forgotten.forEach(Together::isCollected);
  }

  @Test
  @DisplayName("row 26: also a forgotten context that was polled in a loop is collected")
  void polledAndForgotten() {
    CancellableContext parent = root.withCancel();
    WeakReference<Context> forgotten = polledIn(parent);

    Together.isCollected(forgotten);

    // The place of one that is gone is given up when the next one takes its own.
    Together.eventually(
        "its place and timer are given up",
        () -> {
          Attention.POLLED_IN_A_LOOP.on(parent.withCancel()).cancel();
          return listeners(parent) == 0 && clock.armed() == 0;
        });
  }

  /** Held while its place is looked at: other tests collect garbage, too. */
  private WeakReference<Context> polledIn(CancellableContext parent) {
    CancellableContext polled = Attention.POLLED_IN_A_LOOP.on(parent.withTimeout(HOUR));
    assertThat(listeners(parent)).isOne();
    assertThat(clock.armed()).isOne();
    return new WeakReference<>(polled);
  }

  @Test
  @DisplayName("row 26: a context that is still listened to stays, whoever forgot it")
  void listenedToIsKept() {
    CancellableContext parent = root.withCancel();
    List<String> told = new ArrayList<>();
    Attention.POLLED_IN_A_LOOP.on(parent.withCancel()).onDone(() -> told.add("polled"));
    parent.withCancel().onDone(() -> told.add("never polled"));
    parent.withTimeout(HOUR).done().thenRun(() -> told.add("stage"));
    Together.isCollected(new WeakReference<>(new Object()));

    parent.cancel();

    assertThat(told).containsExactlyInAnyOrder("polled", "never polled", "stage");
  }

  @Test
  @DisplayName("row 26: the first listener links the whole path, the last one unlinks it")
  void firstLinksLastUnlinks() {
    CancellableContext top = root.withCancel();
    CancellableContext middle = top.withTimeout(HOUR);
    CancellableContext leaf = middle.withCancel();
    assertThat(root.listening()).isEmpty();

    Registration one = leaf.onDone(() -> {});
    Registration two = leaf.afterFunc(() -> {});
    assertThat(root.listening()).containsExactly(top);
    assertThat(List.of(listeners(top), listeners(middle), listeners(leaf)))
        .containsExactly(1, 1, 2);
    assertThat(clock.armed()).isOne();

    one.stop();
    assertThat(clock.armed()).isOne();
    two.stop();
    assertThat(root.listening()).isEmpty();
    assertThat(List.of(listeners(top), listeners(middle), listeners(leaf)))
        .containsExactly(0, 0, 0);
    assertThat(clock.armed()).isZero();
  }

  @Test
  @DisplayName("row 26: a waiting thread listens while it waits, and no longer")
  void waitingIsListening() throws InterruptedException {
    CancellableContext scope = root.withCancel();
    CancellableContext child = scope.withTimeout(HOUR);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                child.await();
              } catch (InterruptedException gaveUp) {
                return;
              }
            });
    Together.eventually("the thread listens", () -> listeners(child) == 1);
    assertThat(clock.armed()).isOne();

    waiting.interrupt();
    Together.join(waiting);

    assertThat(listeners(child)).isZero();
    assertThat(listeners(scope)).isZero();
    assertThat(clock.armed()).isZero();
    assertThat(child.await(Duration.ZERO)).isFalse();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 26: eight polls cost nothing, a loop of them takes one place and one timer")
  void pollingInALoopTakesAPlace() {
    CancellableContext parent = root.withCancel();
    CancellableContext child = parent.withTimeout(HOUR);
    for (int i = 0; i < 8; i++) child.isDone();
    assertThat(listeners(parent)).isZero();
    assertThat(clock.armed()).isZero();

    Attention.pollInALoop(child);
    assertThat(listeners(parent)).isOne();
    assertThat(clock.armed()).isOne();

    clock.wasRead();
    Attention.pollInALoop(child);
    assertThat(clock.wasRead()).as("in a hot loop the clock is not read").isFalse();
    clock.advance(HOUR);
    assertThat(child.err()).isInstanceOf(DeadlineExceededException.class);
    assertThat(listeners(parent)).isZero();
  }

  @Test
  @DisplayName("row 26: listening to a polled context and stopping leaves it polled")
  void listeningToPolled() {
    CancellableContext parent = root.withCancel();
    CancellableContext child = Attention.POLLED_IN_A_LOOP.on(parent.withTimeout(HOUR));
    List<String> told = new ArrayList<>();
    assertThat(child.onDone(() -> told.add("stopped")).stop()).isTrue();
    assertThat(listeners(parent)).isOne();
    child.onDone(() -> told.add("kept"));
    assertThat(listeners(parent)).isOne();
    assertThat(clock.armed()).isOne();

    clock.advance(HOUR);

    assertThat(told).containsExactly("kept");
    assertThat(parent.isDone()).isFalse();
    assertThat(root.listening()).isEmpty();
  }
}
