package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Section B: cancelling, and how far it reaches. */
class WithCancelTest {
  private static final Key<String> NAME = Key.of("name");
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final RootContext root = Context.root(clock);

  private static int listeners(Context context) {
    return ((Scope) context).listeners();
  }

  @Test
  @DisplayName("row 12: a fresh child is live")
  void freshChildIsLive() {
    CancellableContext scope = root.withCancel();
    assertThat(scope.err()).isNull();
    assertThat(scope.cause()).isNull();
    assertThat(scope.isDone()).isFalse();
    assertThat(scope.done().toCompletableFuture()).isNotDone();
    scope.throwIfDone();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("rows 13, 15: when cancel returns, everything below is done")
  void cancelReachesEverythingBelow(Attention attention) {
    CancellableContext top = root.withCancel();
    List<Context> below = new ArrayList<>();
    CancellableContext child = top.withCancel();
    CancellableContext timed = child.withValue(NAME, "x").withTimeout(HOUR);
    below.add(child);
    below.add(child.withValue(NAME, "x"));
    below.add(timed);
    below.add(timed.withCancel());
    below.add(timed.withTimeout(HOUR.multipliedBy(2)));
    below.add(root.linkedTo(timed));
    below.add(timed.linkedTo(root.withCancel()).withValue(NAME, "y").withCancel());
    below.add(child.call(() -> Context.current().withCancel()));
    below.forEach(attention::on);

    top.cancel();

    for (Context each : below) {
      assertThat(each.isDone()).as(each.toString()).isTrue();
      assertThat(each.err()).isSameAs(top.err()).isInstanceOf(CancelledException.class);
    }
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 13: whoever listens has been told when cancel returns, without asking")
  void listenersAreTold() {
    CancellableContext top = root.withCancel();
    var told = new AtomicInteger();
    Context leaf = top.withValue(NAME, "x").withTimeout(HOUR).withCancel();
    leaf.onDone(told::incrementAndGet);
    leaf.done().thenRun(told::incrementAndGet);

    top.cancel();

    assertThat(told).hasValue(2);
    assertThat(((Scope) leaf).hasEnded()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 14: cancelling a child leaves parent and siblings alone")
  void childLeavesParentAlone(Attention attention) {
    CancellableContext parent = root.withCancel();
    CancellableContext child = attention.on(parent.withCancel());
    CancellableContext sibling = attention.on(parent.withCancel());

    child.cancel(new Exception("mine"));

    assertThat(parent.err()).isNull();
    assertThat(parent.cause()).isNull();
    assertThat(sibling.err()).isNull();
    parent.cancel();
    assertThat(sibling.err()).isNotNull();
  }

  @Test
  @DisplayName("row 16: cancelling again does nothing, from a hundred threads")
  void cancelIsIdempotent() {
    CancellableContext scope = root.withCancel();
    var told = new AtomicInteger();
    scope.onDone(told::incrementAndGet);
    List<Exception> causes = new ArrayList<>();
    for (int i = 0; i < 100; i++) causes.add(new Exception("number " + i));
    var seen = Collections.synchronizedSet(new java.util.HashSet<Throwable>());

    Together.run(
        causes.stream()
            .map(cause ->
                (Runnable)
                    () -> {
                      scope.cancel(cause);
                      seen.add(scope.cause());
                    })
            .toList());
    scope.close();

    assertThat(told).hasValue(1);
    assertThat(seen).hasSize(1).allMatch(causes::contains);
  }

  @Test
  @DisplayName("row 17: each of two concurrent cancels returns only when everything below is done")
  void secondCancelReturnsWhenAllAreDone() {
    int rounds = 2_000;
    List<CancellableContext> tops = new ArrayList<>();
    List<List<Scope>> below = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      CancellableContext top = root.withCancel();
      List<Scope> listening = new ArrayList<>();
      for (int j = 0; j < 8; j++) {
        CancellableContext child = top.withCancel();
        child.withTimeout(HOUR).onDone(() -> {});
        CancellableContext leaf = child.withCancel().withCancel();
        leaf.onDone(() -> {});
        listening.add((Scope) child);
        listening.add((Scope) leaf);
      }
      tops.add(top);
      below.add(listening);
    }
    java.util.function.IntConsumer cancel =
        i -> {
          tops.get(i).cancel();
          // What they were told, not what they would find out by asking.
          for (Scope each : below.get(i)) assertThat(each.hasEnded()).isTrue();
        };
    Together.race(rounds, cancel, cancel);
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName(
      "row 17: a cancel that meets another one in the middle of its callbacks does not wait")
  void secondCancelDoesNotWaitForCallbacks() {
    CancellableContext top = root.withCancel();
    Scope child = (Scope) top.withCancel();
    child.onDone(() -> {});
    var inCallback = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    top.onDone(() -> {
      inCallback.countDown();
      Together.await(release);
    });
    Thread first = Thread.ofPlatform().daemon().start(top::cancel);
    Together.await(inCallback);

    top.cancel();
    assertThat(child.hasEnded()).isTrue();
    assertThat(first.isAlive()).isTrue();

    release.countDown();
    Together.join(first);
  }

  @Test
  @DisplayName("row 18: cancel does not wait for the work to stop")
  void cancelDoesNotWaitForWork() {
    CancellableContext scope = root.withCancel();
    var release = new CountDownLatch(1);
    Thread work =
        Thread.ofVirtual()
            .start(() -> {
              scope.run(() -> Together.await(release));
            });

    scope.cancel();

    assertThat(work.isAlive()).isTrue();
    release.countDown();
    Together.join(work);
  }

  static Stream<Named<Function<Context, Runnable>>> waysToListen() {
    return Stream.of(
        Named.of("child with a callback", parent -> listened(parent.withCancel())::cancel),
        Named.of("timed child", parent -> listened(parent.withTimeout(HOUR))::cancel),
        Named.of("linked child", p -> listened(p.linkedTo(Context.todo().withCancel()))::cancel),
        Named.of(
            "polled child", parent -> Attention.POLLED_IN_A_LOOP.on(parent.withCancel())::close),
        Named.of("afterFunc", parent -> parent.afterFunc(() -> {})::stop),
        Named.of("onDone", parent -> parent.onDone(() -> {})::close),
        Named.of("child's afterFunc", parent -> parent.withCancel().afterFunc(() -> {})::stop));
  }

  private static CancellableContext listened(CancellableContext context) {
    context.onDone(() -> {});
    return context;
  }

  @ParameterizedTest
  @MethodSource("waysToListen")
  @DisplayName("row 19: a place in the parent is given up again: 0, 1, 0")
  void placeIsGivenUp(Function<Context, Runnable> listen) {
    CancellableContext parent = root.withCancel();
    assertThat(listeners(parent)).isZero();

    Runnable end = listen.apply(parent);
    assertThat(listeners(parent)).isOne();
    assertThat(root.listening()).containsExactly(parent);

    end.run();
    assertThat(listeners(parent)).isZero();
    assertThat(root.listening()).isEmpty();
    assertThat(clock.armed()).isZero();
    assertThat(parent.isDone()).isFalse();
  }

  @Test
  @DisplayName("row 20: a cancelled parent keeps nothing in memory of what was below")
  void cancelledParentDropsChildren() {
    CancellableContext parent = root.withCancel();
    List<Registration> kept = new ArrayList<>();
    var child = childWithListeners(parent, kept);

    parent.cancel();

    assertThat(listeners(parent)).isZero();
    Together.isCollected(child);
    assertThat(kept).hasSize(2).noneMatch(Registration::stop);
    assertThat(parent.isDone()).isTrue();
  }

  private static WeakReference<Context> childWithListeners(
      CancellableContext parent, List<Registration> kept) {
    CancellableContext child = parent.withTimeout(HOUR);
    kept.add(parent.onDone(() -> {}));
    child.onDone(child::isDone);
    child.withCancel().done();
    kept.add(parent.onDone(() -> {}));
    return new WeakReference<>(child);
  }

  @Test
  @DisplayName("row 21: values take no place; the nearest scope above has the places")
  void valuesTakeNoPlace() {
    CancellableContext parent = root.withCancel();
    parent.withValue(NAME, "1").withCancel().onDone(() -> {});
    parent.withValue(NAME, "2").withValue(NAME, "3").withTimeout(HOUR).onDone(() -> {});
    parent.withCancel().withValue(NAME, "4").onDone(() -> {});
    Context unheard = parent.withValue(NAME, "5");

    assertThat(listeners(parent)).isEqualTo(3);
    assertThat(unheard.isDone()).isFalse();
  }

  @Test
  @DisplayName("row 22: a child of a cancelled parent is born cancelled, with the parent's cause")
  void childOfCancelledParentIsBornCancelled() {
    CancellableContext parent = root.withCancel();
    var why = new Exception("why");
    parent.cancel(why);

    CancellableContext child = parent.withCancel();

    assertThat(child.isDone()).isTrue();
    assertThat(child.err()).isSameAs(parent.err());
    assertThat(child.cause()).isSameAs(why);
    assertThat(child.done().toCompletableFuture()).isCompleted();
    assertThat(parent.withCancel().done().toCompletableFuture()).isCompleted();
    assertThat(parent.withCancel().onDone(() -> {}).stop()).isFalse();
    assertThat(listeners(parent)).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 23: a value on a cancelled parent is done at once")
  void valueOfCancelledParentIsDone() {
    CancellableContext parent = root.withCancel();
    parent.cancel();
    Context value = parent.withValue(NAME, "x");
    assertThat(value.isDone()).isTrue();
    assertThat(value.done() == parent.done()).isTrue();
    assertThat(value.value(NAME)).isEqualTo("x");
  }

  @Test
  @DisplayName("row 24: a child made while its parent is cancelled ends with the parent's cause")
  void childMadeDuringCancel() {
    int rounds = 100_000;
    List<CancellableContext> parents = new ArrayList<>(rounds);
    List<Exception> causes = new ArrayList<>(rounds);
    for (int i = 0; i < rounds; i++) {
      parents.add(root.withCancel());
      causes.add(
          new Exception("round " + i, null) {
            private static final long serialVersionUID = 1;

            @Override
            public Throwable fillInStackTrace() {
              return this;
            }
          });
    }
    var children = new CancellableContext[rounds];
    var told = new AtomicInteger();
    Together.race(
        rounds,
        i -> parents.get(i).cancel(causes.get(i)),
        i -> {
          CancellableContext child =
              i % 2 == 0 ? parents.get(i).withCancel() : parents.get(i).withTimeout(HOUR);
          child.onDone(told::incrementAndGet);
          children[i] = child;
        });
    assertThat(told).hasValue(rounds);
    for (int i = 0; i < rounds; i++) {
      assertThat(children[i].err()).isInstanceOf(CancelledException.class);
      assertThat(children[i].cause()).isSameAs(causes.get(i));
    }
    assertThat(root.listening()).isEmpty();
    assertThat(clock.armed()).isZero();
  }

  @Test
  @DisplayName("row 25: the background keeps nothing of what is derived from it")
  void backgroundKeepsNothing() {
    WeakReference<Context> forgotten = listenedAndForgotten();
    Together.isCollected(forgotten);
    assertThat(((Root) Context.background()).listening()).isEmpty();
  }

  private static WeakReference<Context> listenedAndForgotten() {
    CancellableContext scope = Context.background().withCancel();
    scope.onDone(scope::isDone);
    scope.withCancel().onDone(() -> {});
    return new WeakReference<>(scope);
  }

  @Test
  @DisplayName("row 27: a context's own actions run before those of contexts below it")
  void ownActionsFirst() {
    CancellableContext top = root.withCancel();
    List<String> order = new ArrayList<>();
    CancellableContext child = top.withCancel();
    CancellableContext grandchild = child.withTimeout(HOUR);
    grandchild.onDone(() -> order.add("grandchild"));
    child.onDone(() -> order.add("child"));
    top.onDone(() -> order.add("top"));

    top.cancel();

    assertThat(order).containsExactly("top", "child", "grandchild");
  }

  @Test
  @DisplayName("row 27: when the first action runs, everything below is done already")
  void allDoneBeforeFirstAction() {
    CancellableContext top = root.withCancel();
    Scope leaf = (Scope) top.withCancel().withTimeout(HOUR).withCancel();
    leaf.onDone(() -> {});
    List<Boolean> seen = new ArrayList<>();
    top.onDone(() -> seen.add(leaf.hasEnded()));

    top.cancel();

    assertThat(seen).containsExactly(true);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 28: a chain of 100,000 is made, listened to, polled and cancelled")
  void longChain(Attention attention) {
    CancellableContext top = root.withCancel();
    List<Context> chain = new ArrayList<>();
    Context last = top;
    for (int i = 0; i < 100_000; i++) {
      last = i % 3 == 0 ? last.withTimeout(HOUR) : last.withCancel();
      chain.add(last);
      if (i % 10 == 0) attention.on(last);
    }
    assertThat(last.isDone()).isFalse();
    var told = new AtomicInteger();
    assertThat(last.onDone(told::incrementAndGet).stop()).isTrue();
    last.onDone(told::incrementAndGet);

    var why = new Exception("why");
    top.cancel(why);

    assertThat(told).hasValue(1);
    assertThat(last.cause()).isSameAs(why);
    assertThat(chain).allMatch(Context::isDone);
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("row 28: also where each is the second parent of the next")
  void longChainOfLinks(Attention attention) {
    CancellableContext top = root.withTimeout(HOUR);
    CancellableContext last = top;
    for (int i = 0; i < 100_000; i++) {
      last = root.linkedTo(last);
      if (i % 10 == 0) attention.on(last);
    }
    assertThat(last.isDone()).isFalse();
    assertThat(last.remaining()).isEqualTo(HOUR);
    var told = new AtomicInteger();
    last.onDone(told::incrementAndGet);

    top.cancel();

    assertThat(told).hasValue(1);
    assertThat(last.isDone()).isTrue();
    assertThat(clock.armed()).isZero();
    assertThat(root.listening()).isEmpty();
  }

  @Test
  @DisplayName("row 28: a fan of 100,000 is cancelled on the thread that cancels")
  void wideFan() {
    CancellableContext top = root.withCancel();
    var here = new AtomicInteger();
    Thread me = Thread.currentThread();
    for (int i = 0; i < 100_000; i++) {
      top.withCancel()
          .onDone(() -> {
            if (Thread.currentThread() == me) here.incrementAndGet();
          });
    }
    top.cancel();
    assertThat(here).hasValue(100_000);
  }
}
