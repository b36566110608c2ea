package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Below a context that has ended without anyone there being told. */
class LateListenersTest {
  private final RootContext root = Context.root(new HandClock());
  private final CancellableContext top = root.withCancel();
  private final AtomicInteger told = new AtomicInteger();

  @Test
  @DisplayName("a listener that comes after the end is called at once, at any depth")
  void calledAtAnyDepth() {
    for (int depth = 1; depth <= 200; depth++) {
      CancellableContext above = root.withCancel();
      Context leaf = above;
      for (int i = 0; i < depth; i++) leaf = leaf.withCancel();
      above.cancel();
      told.set(0);

      leaf.onDone(told::incrementAndGet);

      assertThat(told).as("told at depth " + depth).hasValue(1);
    }
  }

  @Test
  @DisplayName("a listener that comes after the end is called at once, however often polls came")
  void calledAfterPolls() {
    for (int polls = 0; polls <= 40; polls++) {
      CancellableContext above = root.withCancel();
      CancellableContext leaf = above.withCancel();
      for (int i = 0; i < polls; i++) leaf.isDone();
      above.cancel();
      told.set(0);

      leaf.onDone(told::incrementAndGet);

      assertThat(told).as("told after polls: " + polls).hasValue(1);
    }
  }

  @Test
  @DisplayName("the end that a late listener was called for is the one that stays")
  void endThatWasTold() {
    CancellableContext beside = root.withCancel();
    CancellableContext linked = top.linkedTo(beside);
    beside.cancel();

    linked.onDone(told::incrementAndGet);
    top.cancel(); // at the same moment, for the clock stands still

    assertThat(told).hasValue(1);
    assertThat(linked.err()).isSameAs(beside.err());
  }

  @Test
  @DisplayName("a chain of 100,000 that was made after the end learns of it without a deep stack")
  void deepChain() {
    top.cancel();
    Context leaf = top;
    for (int i = 0; i < 100_000; i++) leaf = leaf.withCancel();
    assertThat(leaf.err()).isSameAs(top.err());
  }
}
