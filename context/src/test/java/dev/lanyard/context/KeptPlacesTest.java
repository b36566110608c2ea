package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A context that is polled in a loop, or listened to again and again, keeps its place, and is not
 * kept in memory by it.
 */
class KeptPlacesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final CancellableContext above = root.withCancel();
  private final CancellableContext beside = root.withCancel();
  private final AtomicInteger told = new AtomicInteger();

  enum Kind {
    PLAIN,
    WITH_A_DEADLINE,
    LINKED
  }

  private CancellableContext make(Kind kind) {
    return switch (kind) {
      case PLAIN -> above.withCancel();
      case WITH_A_DEADLINE -> above.withTimeout(HOUR);
      case LINKED -> above.linkedTo(beside);
    };
  }

  private static int listeners(Context context) {
    return ((Scope) context).listeners();
  }

  /** Its first listener comes and goes, as many times as it takes. */
  private CancellableContext listenedToOften(CancellableContext context) {
    int times = 0;
    while (listeners(above) == 0) {
      assertThat(times++).as("times that it was listened to").isLessThan(20);
      context.onDone(told::incrementAndGet).stop();
    }
    assertThat(times).as("a few times are not often").isGreaterThan(8);
    return context;
  }

  private void comeAndGo(Context context) {
    for (int i = 0; i < 10; i++) {
      Registration one = context.onDone(told::incrementAndGet);
      Registration two = context.onDone(told::incrementAndGet);
      assertThat(List.of(one, two)).allMatch(Registration::stop);
    }
  }

  private void allIsGone() {
    Context elsewhere = Context.background().withCancel();
    Together.eventually(
        "its places and its timer are given up",
        () -> {
          elsewhere.onDone(() -> {}).stop();
          return listeners(above) + listeners(beside) + clock.armed() == 0;
        });
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("those polled in a loop and collected leave when anybody listens anywhere")
  void polledAndCollected(Kind kind) {
    List<WeakReference<Context>> forgotten = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      forgotten.add(new WeakReference<>(Attention.POLLED_IN_A_LOOP.on(make(kind))));
    }
    forgotten.forEach(Together::isCollected);
    allIsGone();
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("those that are still held keep their places when others leave")
  void polledAndHeld(Kind kind) {
    CancellableContext held = Attention.POLLED_IN_A_LOOP.on(make(kind));
    var forgotten = new WeakReference<Context>(Attention.POLLED_IN_A_LOOP.on(make(kind)));
    Together.isCollected(forgotten);
    Together.eventually(
        "one has left",
        () -> {
          Context.background().withCancel().onDone(() -> {}).stop();
          return listeners(above) == 1;
        });

    above.cancel();

    assertThat(held.err()).isSameAs(above.err());
    assertThat(clock.armed() + listeners(beside)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("one that was listened to often keeps its place: coming and going moves nothing")
  void listenedToOften(Kind kind) {
    CancellableContext context = listenedToOften(make(kind));
    var alarms = new AtomicInteger();
    clock.observe(alarms::incrementAndGet, alarms::incrementAndGet);
    for (CancellableContext each : List.of(above, beside)) ((Scope) each).lock();
    try {
      // On a thread of its own: whoever wants to move something there waits for ever.
      Together.run(List.of(() -> comeAndGo(context)));
    } finally {
      for (CancellableContext each : List.of(above, beside)) ((Scope) each).unlock();
    }
    assertThat(alarms).as("times that an alarm was set or stopped").hasValue(0);
    assertThat(listeners(above)).isOne();
    assertThat(listeners(context)).isZero();
    assertThat(told).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("one that was listened to often is told of the end, and tells who listens now")
  void listenedToOftenAndEnded(Kind kind) {
    CancellableContext context = listenedToOften(make(kind));
    context.onDone(told::incrementAndGet);

    above.cancel();

    assertThat(told).hasValue(1);
    assertThat(context.err()).isSameAs(above.err());
    assertThat(clock.armed() + listeners(beside)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("one that was listened to often gives its place up when it ends")
  void listenedToOftenAndCancelled(Kind kind) {
    CancellableContext context = listenedToOften(make(kind));
    context.cancel();
    assertThat(listeners(above) + listeners(beside) + clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("one that was listened to often and is forgotten is collected")
  void listenedToOftenAndForgotten(Kind kind) {
    var forgotten = new WeakReference<Context>(listenedToOften(make(kind)));
    Together.isCollected(forgotten);
    allIsGone();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("one that was listened to often, is listened to and forgotten, stays until the end")
  void listenedToOftenAndStill(Kind kind) {
    listenedToOften(make(kind)).onDone(told::incrementAndGet);
    for (int i = 0; i < 3; i++) Together.isCollected(new WeakReference<>(new Object()));
    Context.background().withCancel().onDone(() -> {}).stop();

    above.cancel();

    assertThat(told).hasValue(1);
  }

  @Test
  @DisplayName("its own deadline finds one that was listened to often, at the top, too")
  void deadline() {
    CancellableContext middle = listenedToOften(above.withTimeout(HOUR));
    CancellableContext top = root.withTimeout(HOUR);
    for (int i = 0; i < 20; i++) top.onDone(told::incrementAndGet).stop();
    assertThat(clock.armed()).as("each has its timer").isEqualTo(2);
    middle.onDone(told::incrementAndGet);
    top.onDone(told::incrementAndGet);

    clock.advance(HOUR);

    assertThat(told).hasValue(2);
    assertThat(clock.armed()).isZero();
  }
}
