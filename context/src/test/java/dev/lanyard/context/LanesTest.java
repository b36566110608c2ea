package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A scope that has lanes behaves as any other. */
class LanesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);
  private final CancellableContext above = root.withCancel();
  private final CancellableContext beside = root.withCancel();

  private final AtomicInteger told = new AtomicInteger();

  /** Where the scope stands that has lanes, and when it got them. */
  enum Place {
    AT_THE_TOP,
    AT_THE_TOP_WITH_A_DEADLINE,
    IN_THE_MIDDLE,
    IN_THE_MIDDLE_WITH_A_DEADLINE,
    UNDER_ONE_WITH_LANES,
    UNDER_TWO,
    UNDER_TWO_WITH_LANES
  }

  private CancellableContext at(Place place) {
    return switch (place) {
      case AT_THE_TOP -> root.withCancel();
      case AT_THE_TOP_WITH_A_DEADLINE -> root.withTimeout(HOUR);
      case IN_THE_MIDDLE -> above.withCancel();
      case IN_THE_MIDDLE_WITH_A_DEADLINE -> above.withTimeout(HOUR);
      case UNDER_ONE_WITH_LANES -> Crowd.under(above).withCancel();
      case UNDER_TWO -> above.linkedTo(beside);
      case UNDER_TWO_WITH_LANES -> Crowd.under(above).linkedTo(Crowd.under(beside));
    };
  }

  private static int listeners(Context context) {
    return ((Scope) context).listeners();
  }

  /** From many threads, so that several lanes are used. */
  private static <T> List<T> onManyThreads(int threads, IntFunction<T> action) {
    var results = Collections.synchronizedList(new ArrayList<T>());
    List<Runnable> actions = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int number = t;
      actions.add(() -> results.add(action.apply(number)));
    }
    Together.run(actions);
    return results;
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the end reaches everyone exactly once: those from before the lanes, those in them")
  void endReachesEveryone(Place place) {
    CancellableContext scope = at(place);
    var calls = new AtomicIntegerArray(40);
    for (int i = 0; i < 5; i++) {
      int number = i;
      scope.onDone(() -> calls.incrementAndGet(number));
    }
    CancellableContext childFromBefore = scope.withCancel();
    childFromBefore.onDone(() -> calls.incrementAndGet(5));
    scope.done().thenRun(() -> calls.incrementAndGet(6));
    Crowd.under(scope);
    var children = Collections.synchronizedList(new ArrayList<CancellableContext>());
    onManyThreads(
        32,
        number -> {
          CancellableContext child = scope.withTimeout(HOUR);
          children.add(child);
          return switch (number % 4) {
            case 0 -> child.onDone(() -> calls.incrementAndGet(8 + number));
            case 1 -> Attention.POLLED_IN_A_LOOP.on(child);
            case 2 -> child.withCancel().done().thenRun(() -> calls.incrementAndGet(8 + number));
            default -> scope.onDone(() -> calls.incrementAndGet(8 + number));
          };
        });
    assertThat(listeners(scope)).isEqualTo(5 + 1 + 1 + 32);

    scope.cancel(new Exception("why"));

    for (int i = 0; i < 7; i++) assertThat(calls.get(i)).as("from before: %d", i).isOne();
    for (int i = 0; i < 32; i++) {
      assertThat(calls.get(8 + i)).as("in a lane: %d", i).isEqualTo(i % 4 == 1 ? 0 : 1);
    }
    assertThat(children).allMatch(child -> child.err() == scope.err());
    assertThat(childFromBefore.err()).isSameAs(scope.err());
    scope.onDone(() -> calls.incrementAndGet(7));
    assertThat(calls.get(7)).as("one that came too late is called at once").isOne();
    assertThat(((Scope) scope).lanes()).isNull();
    assertThat(clock.armed()).isZero();
    assertThat(listeners(above) + listeners(beside)).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AT_THE_TOP", "AT_THE_TOP_WITH_A_DEADLINE"})
  @DisplayName("the end of a context above reaches those in the lanes")
  void endAbove(Place place) {
    CancellableContext scope = at(place);
    scope.onDone(told::incrementAndGet);
    Crowd.under(scope);
    onManyThreads(8, _ -> scope.withCancel().onDone(told::incrementAndGet));

    above.cancel();

    assertThat(told).hasValue(9);
    assertThat(scope.err()).isSameAs(above.err());
    assertThat(listeners(beside)).isZero();
    assertThat(clock.armed()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNDER_TWO", "UNDER_TWO_WITH_LANES"})
  @DisplayName("the end of the second owner reaches those in the lanes")
  void endBeside(Place place) {
    CancellableContext scope = at(place);
    scope.onDone(told::incrementAndGet);
    Crowd.under(scope);
    onManyThreads(8, _ -> scope.withCancel().onDone(told::incrementAndGet));

    beside.cancel();

    assertThat(told).hasValue(9);
    assertThat(scope.err()).isSameAs(beside.err());
    assertThat(above.isDone()).isFalse();
    assertThat(listeners(above)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("whoever is stopped is not called, from the lanes and from before them")
  void stop(Place place) {
    CancellableContext scope = at(place);
    List<Registration> registrations = new ArrayList<>();
    for (int i = 0; i < 4; i++) registrations.add(scope.onDone(told::incrementAndGet));
    Registration kept = scope.onDone(told::incrementAndGet);
    Crowd.under(scope);
    registrations.addAll(onManyThreads(16, _ -> scope.onDone(told::incrementAndGet)));
    registrations.addAll(onManyThreads(4, _ -> scope.withCancel().onDone(told::incrementAndGet)));
    scope.onDone(told::incrementAndGet);
    assertThat(listeners(scope)).isEqualTo(4 + 1 + 16 + 4 + 1);

    Collections.shuffle(registrations, new Random(7));
    assertThat(registrations).allMatch(Registration::stop);
    assertThat(registrations).noneMatch(Registration::stop);
    assertThat(listeners(scope)).isEqualTo(2);

    scope.cancel();
    assertThat(told).hasValue(2);
    assertThat(kept.stop()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the stage is the same before the lanes and after, and completes once")
  void stage(Place place) {
    CancellableContext scope = at(place);
    CompletionStage<Void> before = scope.done();
    before.thenRun(told::incrementAndGet);
    Crowd.under(scope);
    assertThat(scope.done() == before).as("the same stage").isTrue();
    onManyThreads(4, _ -> scope.onDone(() -> {}));
    assertThat(scope.done() == before).as("the same stage among many").isTrue();

    scope.cancel();

    assertThat(told).hasValue(1);
    assertThat(before.toCompletableFuture()).isDone();
    assertThat(scope.done().toCompletableFuture()).isDone();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a stage that is first asked for after the lanes completes, too")
  void stageAfterwards(Place place) {
    CancellableContext scope = Crowd.under(at(place));
    CompletionStage<Void> stage = scope.done();
    assertThat(scope.done() == stage).as("the same stage").isTrue();
    onManyThreads(4, _ -> scope.onDone(told::incrementAndGet));
    stage.thenRun(told::incrementAndGet);

    scope.cancel();

    assertThat(told).hasValue(5);
    assertThat(stage.toCompletableFuture()).isDone();
  }

  @Test
  @DisplayName("its own deadline reaches those in the lanes")
  void ownDeadline() {
    for (CancellableContext scope :
        List.of(root.withTimeout(HOUR), above.withTimeout(HOUR), above.withTimeout(HOUR))) {
      scope.onDone(told::incrementAndGet);
      Crowd.under(scope);
      onManyThreads(4, _ -> scope.withCancel().onDone(told::incrementAndGet));
    }
    assertThat(clock.armed()).isEqualTo(3);

    clock.advance(HOUR);

    assertThat(told).hasValue(15);
    assertThat(above.isDone()).isFalse();
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("with lanes a deadline can still be extended")
  void extendOneWithLanes() {
    CancellableContext scope = above.withTimeout(HOUR);
    scope.onDone(told::incrementAndGet);
    Crowd.under(scope);

    assertThat(scope.extendTo(Deadline.after(HOUR.multipliedBy(2), clock))).isTrue();

    assertThat(clock.armed()).isOne();
    clock.advance(HOUR);
    assertThat(told).hasValue(0);
    clock.advance(HOUR);
    assertThat(told).hasValue(1);
    assertThat(scope.err()).isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  @DisplayName("an extension above reaches those with deadlines in the lanes")
  void extensionAbove() {
    CancellableContext top = Crowd.under(above.withTimeout(HOUR));
    CancellableContext middle = Crowd.under(top.withCancel());
    List<CancellableContext> timed = new ArrayList<>();
    for (CancellableContext parent : List.of(top, middle, middle.withCancel())) {
      timed.addAll(
          onManyThreads(
              4,
              _ -> {
                CancellableContext child = parent.withTimeout(HOUR.multipliedBy(2));
                child.onDone(told::incrementAndGet);
                return child;
              }));
    }
    assertThat(clock.armed()).as("only the first deadline is awaited").isOne();

    assertThat(top.extendTo(Deadline.after(HOUR.multipliedBy(3), clock))).isTrue();

    assertThat(clock.armed()).as("now each has its own").isEqualTo(1 + timed.size());
    clock.advance(HOUR.multipliedBy(2));
    assertThat(told).hasValue(timed.size());
    assertThat(timed).allMatch(each -> each.err() instanceof DeadlineExceededException);
    assertThat(top.isDone()).isFalse();
  }

  @Test
  @DisplayName("the root shows a scope with lanes only while somebody listens")
  void shownByTheRoot() {
    CancellableContext scope = Crowd.under(root.withCancel());
    assertThat(root.listening()).isEmpty();

    List<Registration> registrations = onManyThreads(4, _ -> scope.onDone(() -> {}));
    assertThat(root.listening()).containsExactly(scope);
    registrations.forEach(Registration::stop);
    assertThat(root.listening()).isEmpty();

    scope.withCancel().onDone(() -> {});
    assertThat(root.listening()).containsExactly(scope);
    scope.cancel();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("the root shows a scope with lanes for a listener from before them, too")
  void shownForListenerFromBefore() {
    CancellableContext scope = root.withCancel();
    Registration before = scope.onDone(() -> {});
    Crowd.under(scope);

    assertThat(root.listening()).containsExactly(scope);
    assertThat(before.stop()).isTrue();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("whoever found the lanes before the end and comes to them after it is refused")
  void closedLanes() {
    Scope scope = (Scope) Crowd.under(above.withCancel());
    Lanes lanes = Objects.requireNonNull(scope.lanes());
    var early = new Stage(scope);
    assertThat(lanes.add(early)).isTrue();

    scope.cancel();

    assertThat(lanes.remove(early)).isFalse();
    assertThat(early.view().toCompletableFuture()).isDone();
    assertThat(lanes.add(new Stage(scope))).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("cancel, listening and stopping at once: each is refused, stopped or called, once")
  void races(Place place) {
    int each = 51;
    int threads = 3;
    for (int round = 0; round < 40; round++) {
      CancellableContext scope = Crowd.under(at(place));
      var calls = new AtomicIntegerArray(each * threads);
      var stops = new AtomicIntegerArray(each * threads);
      var step = new AtomicInteger();
      int cancelAt = round * each * threads / 40;
      List<Runnable> actions = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t * each;
        actions.add(() -> {
          Registration before = () -> false;
          for (int i = first; i < first + each; i++) {
            int number = i;
            Context context = i % 5 == 0 ? scope.withCancel() : scope;
            Registration registration = context.onDone(() -> calls.incrementAndGet(number));
            if (i % 3 == 0 && registration.stop()) stops.incrementAndGet(i);
            if (i % 3 == 2 && before.stop()) stops.incrementAndGet(i - 1);
            before = registration;
            step.incrementAndGet();
          }
        });
      }
      actions.add(() -> {
        while (step.get() < cancelAt) Thread.onSpinWait();
        scope.cancel();
      });
      Together.run(actions);

      for (int i = 0; i < calls.length(); i++) {
        assertThat(calls.get(i) + stops.get(i)).as("round %d, listener %d", round, i).isOne();
      }
    }
    assertThat(root.listening()).isEmpty();
  }
}
