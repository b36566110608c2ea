package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A deadline as a value: compared, printed, at the edges. */
class DeadlineValueTest {
  private final HandClock time = new HandClock();

  private Deadline after(Duration timeout) {
    return Deadline.after(timeout, time);
  }

  @Test
  void noDeadlineIsLaterThanEveryOther() {
    assertThat(Deadline.NONE.isBefore(after(Duration.ofDays(1)))).isFalse();
    assertThat(after(Duration.ofDays(1)).isBefore(Deadline.NONE)).isTrue();
    assertThat(Deadline.NONE.isBefore(Deadline.NONE)).isFalse();
    assertThat(Deadline.NONE.isPast()).isFalse();
  }

  @Test
  void sameMomentIsNotBefore() {
    assertThat(after(Duration.ofSeconds(1)).isBefore(after(Duration.ofSeconds(1)))).isFalse();
    assertThat(after(Duration.ofSeconds(1)).isBefore(after(Duration.ofSeconds(2)))).isTrue();
    assertThat(after(Duration.ofSeconds(2)).isBefore(after(Duration.ofSeconds(1)))).isFalse();
  }

  @Test
  void equalWhenTheClockAndTheMomentAre() {
    Deadline one = after(Duration.ofSeconds(1));
    assertThat(one)
        .isEqualTo(after(Duration.ofSeconds(1)))
        .hasSameHashCodeAs(after(Duration.ofSeconds(1)));
    assertThat(one).isNotEqualTo(after(Duration.ofSeconds(2)));
    assertThat(one).isNotEqualTo(Deadline.after(Duration.ofSeconds(1), new HandClock()));
    assertThat(one).isNotEqualTo(Deadline.NONE).isNotEqualTo("one second");
    assertThat(one.hashCode()).isNotEqualTo(after(Duration.ofSeconds(2)).hashCode());
  }

  @Test
  void instantIsTranslatedByTheWallClockOfItsClock() {
    Instant in3Seconds = time.instant().plusSeconds(3);
    assertThat(Deadline.at(in3Seconds, time).remaining()).isEqualTo(Duration.ofSeconds(3));
    assertThat(Deadline.at(in3Seconds, time).instant()).isEqualTo(in3Seconds);
    assertThat(Deadline.at(Instant.now().minusSeconds(1)).isPast()).isTrue();
    assertThat(Deadline.NONE.instant()).isEqualTo(Instant.MAX);
  }

  @Test
  void farAwayIsMovedToWhereNoSumOverflows() {
    Duration far = Duration.ofNanos(Long.MAX_VALUE / 4);
    assertThat(after(Duration.ofSeconds(Long.MAX_VALUE)).remaining()).isEqualTo(far);
    assertThat(after(Duration.ofSeconds(Long.MIN_VALUE)).remaining()).isEqualTo(far.negated());
    assertThat(after(far.minusSeconds(2)).remaining()).isEqualTo(far.minusSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0µs",
    "999999, 999µs",
    "1000000, 1ms",
    "999999999, 999ms",
    "1000000000, 1s",
    "1400000000, 1.4s",
    "59900000000, 59.9s",
    "60000000000, 1m0s",
    "3599000000000, 59m59s",
    "3600000000000, 1h0m0s",
    "90061000000000, 25h1m1s",
    "-250000000, -250ms",
    "-9223372036854775808, -2562047h47m16s"
  })
  void readsAsGoPrintsIt(long nanos, String text) {
    assertThat(Deadline.readable(nanos)).isEqualTo(text);
  }
}
