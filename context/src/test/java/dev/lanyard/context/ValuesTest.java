package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Section D: values. */
class ValuesTest {
  private static final Key<String> ONE = Key.of("one");
  private static final Key<String> TWO = Key.of("two");

  private final RootContext root = Context.root(new HandClock());

  @Test
  @DisplayName("row 47: the nearest binding wins, other keys pass through")
  void nearestWins() {
    Context outer = root.withValue(ONE, "outer").withValue(TWO, "two");
    Context inner = outer.withCancel().withValue(ONE, "inner").withTimeout(Duration.ofHours(1));

    assertThat(inner.value(ONE)).isEqualTo("inner");
    assertThat(inner.value(TWO)).isEqualTo("two");
    assertThat(outer.value(ONE)).isEqualTo("outer");
    assertThat(inner.call(() -> Context.current().value(TWO))).isEqualTo("two");
    assertThat(inner.linkedTo(root.withCancel()).value(ONE)).isEqualTo("inner");
  }

  @Test
  @DisplayName("row 47: of two parents only the first gives values")
  void secondParentGivesNoValues() {
    Context second = root.withValue(ONE, "second").withCancel();
    assertThat(root.withValue(TWO, "first").linkedTo(second).value(ONE)).isNull();
    assertThat(root.withValue(TWO, "first").linkedTo(second).value(TWO)).isEqualTo("first");
  }

  @Test
  @DisplayName("rows 48, 54, 55: keys are compared by identity, whatever they are called")
  void keysAreIdentities() {
    Key<String> sameName = Key.of("one");
    Key<Double> number = Key.of("one");
    Context context = root.withValue(ONE, "x").withValue(number, Double.NaN);

    assertThat(context.value(ONE)).isEqualTo("x");
    assertThat(context.value(sameName)).isNull();
    assertThat(context.value(number)).isNaN();
    assertThat(ONE).isNotEqualTo(sameName).isEqualTo(ONE);
  }

  @Test
  @DisplayName("row 49: null hides an outer binding")
  void nullHides() {
    Context hidden = root.withValue(ONE, "x").withValue(ONE, null);
    assertThat(hidden.value(ONE)).isNull();
    assertThat(hidden.withCancel().withValue(TWO, "y").value(ONE)).isNull();
    assertThat(hidden.withValue(ONE, "z").value(ONE)).isEqualTo("z");
  }

  @Test
  @DisplayName("row 50: a key that is not bound gives null")
  void missingKey() {
    assertThat(root.value(ONE)).isNull();
    assertThat(root.withValue(TWO, "x").withCancel().value(ONE)).isNull();
  }

  @Test
  @DisplayName("row 51: values are seen below, not above and not beside")
  void valuesAreSeenBelow() {
    CancellableContext parent = root.withCancel();
    Context before = parent.withCancel();
    Context bound = parent.withValue(ONE, "x");

    assertThat(bound.withCancel().value(ONE)).isEqualTo("x");
    assertThat(parent.value(ONE)).isNull();
    assertThat(before.value(ONE)).isNull();
    assertThat(parent.withCancel().value(ONE)).isNull();
  }

  @Test
  @DisplayName("row 52: a value shares the end of its parent")
  void valueSharesTheEnd() {
    CancellableContext parent = root.withTimeout(Duration.ofSeconds(5));
    Context value = parent.withValue(ONE, "x").withValue(TWO, "y");

    assertThat(value.done() == parent.done()).isTrue();
    assertThat(value.deadline()).isEqualTo(parent.deadline());
    parent.cancel(new Exception("why"));
    assertThat(value.err()).isSameAs(parent.err());
    assertThat(value.cause()).isSameAs(parent.cause());
  }

  @Test
  @SuppressWarnings("NullAway") // that is the subject
  @DisplayName("rows 50, 53: a null key is refused, to bind and to look up")
  void nullKey() {
    assertThatNullPointerException()
        .isThrownBy(() -> root.withValue((Key<String>) null, "x"))
        .withMessageContaining("key");
    assertThatNullPointerException()
        .isThrownBy(() -> root.value((Key<String>) null))
        .withMessageContaining("key");
    assertThatNullPointerException().isThrownBy(() -> Key.of(null)).withMessageContaining("name");
  }

  @Test
  @DisplayName("row 47: a lookup through 100,000 values does not overflow the stack")
  void deepLookup() {
    Context context = root.withValue(ONE, "deep");
    for (int i = 0; i < 100_000; i++) context = context.withValue(TWO, "x");
    assertThat(context.value(ONE)).isEqualTo("deep");
    assertThat(context.value(Key.<String>of("missing"))).isNull();
  }
}
