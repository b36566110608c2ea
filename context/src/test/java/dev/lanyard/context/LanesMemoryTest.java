package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A scope with lanes is held by those who listen, and by nobody else. */
class LanesMemoryTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final CancellableContext above = root.withCancel();
  private final CancellableContext beside = root.withCancel();
  private final AtomicInteger told = new AtomicInteger();

  enum Kind {
    PLAIN,
    WITH_A_DEADLINE,
    LINKED,
    UNDER_LANES
  }

  private CancellableContext make(Kind kind) {
    return switch (kind) {
      case PLAIN -> above.withCancel();
      case WITH_A_DEADLINE -> above.withTimeout(HOUR);
      case LINKED -> above.linkedTo(beside);
      case UNDER_LANES -> Crowd.under(above).withCancel();
    };
  }

  private CancellableContext listened(CancellableContext context) {
    context.onDone(told::incrementAndGet);
    return context;
  }

  private static int listeners(Context context) {
    return ((Scope) context).listeners();
  }

  /** A place is given up when somebody listens, anywhere. */
  private void allIsGone() {
    Context elsewhere = Context.background().withCancel();
    Together.eventually(
        "its places and its timer are given up",
        () -> {
          elsewhere.onDone(() -> {}).stop();
          return listeners(above) + listeners(beside) + clock.armed() == 0;
        });
  }

  private static WeakReference<Context> forget(Supplier<Context> context) {
    return new WeakReference<>(context.get());
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten when nobody ever listened, it is collected")
  void forgotten(Kind kind) {
    WeakReference<Context> forgotten =
        forget(() -> {
          CancellableContext scope = Crowd.under(make(kind));
          assertThat(listeners(above)).as("it has a place until then").isOne();
          return scope;
        });

    Together.isCollected(forgotten);
    allIsGone();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten after all listeners were stopped, it is collected")
  void forgottenAfterListeners(Kind kind) {
    WeakReference<Context> forgotten =
        forget(() -> {
          CancellableContext scope = make(kind);
          Registration before = scope.onDone(told::incrementAndGet);
          Crowd.under(scope);
          Registration after = scope.onDone(told::incrementAndGet);
          Registration below = scope.withTimeout(HOUR).onDone(told::incrementAndGet);
          assertThat(List.of(before, below, after)).allMatch(Registration::stop);
          return scope;
        });

    Together.isCollected(forgotten);
    allIsGone();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten with one below that was polled in a loop and forgotten, it is collected")
  void forgottenWithPolled(Kind kind) {
    WeakReference<Context> forgotten =
        forget(() -> {
          CancellableContext scope = Crowd.under(make(kind));
          List<Context> below =
              List.of(
                  Attention.POLLED_IN_A_LOOP.on(scope.withTimeout(HOUR)),
                  Crowd.under(scope.withCancel()));
          assertThat(listeners(scope)).isEqualTo(2);
          assertThat(below).noneMatch(Context::isDone); // held until here
          return scope;
        });

    Context elsewhere = Context.background().withCancel();
    Together.eventually(
        "it is collected",
        () -> {
          System.gc();
          elsewhere.onDone(() -> {}).stop();
          return forgotten.refersTo(null);
        });
    allIsGone();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten while somebody listens in a lane, it stays and its listener is called")
  void listenerInLane(Kind kind) {
    Crowd.under(make(kind)).onDone(told::incrementAndGet);
    staysAndIsCalled();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten while somebody listens from before the lanes, it stays")
  void listenerFromBefore(Kind kind) {
    Crowd.under(listened(make(kind)));
    staysAndIsCalled();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten while somebody listens further down, it stays")
  void listenerBelow(Kind kind) {
    Crowd.under(make(kind)).withCancel().withTimeout(HOUR).onDone(told::incrementAndGet);
    staysAndIsCalled();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("forgotten while somebody waits for its stage, it stays")
  void stage(Kind kind) {
    Crowd.under(make(kind)).done().thenRun(told::incrementAndGet);
    staysAndIsCalled();
  }

  private void staysAndIsCalled() {
    for (int i = 0; i < 3; i++) Together.isCollected(new WeakReference<>(new Object()));
    Context.background().withCancel().onDone(() -> {}).stop();
    assertThat(listeners(above)).isOne();
    above.cancel();
    assertThat(told).hasValue(1);
    assertThat(listeners(beside) + clock.armed()).isZero();
  }

  @Test
  @DisplayName("a forgotten one with a deadline still rings for its listener")
  void forgottenWithDeadline() {
    Crowd.under(root.withTimeout(HOUR)).onDone(told::incrementAndGet);
    Crowd.under(above.withTimeout(HOUR)).onDone(told::incrementAndGet);
    Together.isCollected(new WeakReference<>(new Object()));

    clock.advance(HOUR);

    assertThat(told).hasValue(2);
    assertThat(clock.armed()).isZero();
  }

  @Test
  @DisplayName("at the top and forgotten, it is collected although its deadline is far away")
  void timedAtTheTop() {
    List<WeakReference<Context>> forgotten = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      forgotten.add(forget(() -> Crowd.under(Context.background().withTimeout(HOUR))));
    }
    forgotten.forEach(Together::isCollected);
  }
}
