package dev.lanyard.context;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A point on a monotonic clock by which something must be over. A jump of the wall clock does not
 * move it. Immutable.
 *
 * <p>Deadlines further away than about 73 years are moved there, so that no sum overflows.
 *
 * {@snippet :
 * Deadline both = Deadline.after(Duration.ofSeconds(2)).earlierOf(ctx.deadline());
 * }
 *
 * @since 0.1
 */
public final class Deadline {
  private static final long FAR_NANOS = Long.MAX_VALUE / 4;
  private static final long FAR_SECONDS = FAR_NANOS / 1_000_000_000;

  /**
   * No deadline: later than every other. Its {@link #remaining()} is the longest that fits into a
   * {@code long} of nanoseconds.
   */
  public static final Deadline NONE = new Deadline(TimeSource.system(), 0);

  private final TimeSource time;
  private final long nanoTime;

  Deadline(TimeSource time, long nanoTime) {
    this.time = time;
    this.nanoTime = nanoTime;
  }

  /**
   * The deadline that is so far away from now, on the system's clock. Zero and negative durations
   * give one that has passed.
   *
   * @param timeout any duration
   * @return the deadline
   */
  public static Deadline after(Duration timeout) {
    return after(timeout, TimeSource.system());
  }

  /**
   * As {@link #after(Duration)}, on a clock of the caller's.
   *
   * @param timeout any duration
   * @param time the clock
   * @return the deadline
   */
  public static Deadline after(Duration timeout, TimeSource time) {
    Objects.requireNonNull(timeout, "a deadline needs a timeout");
    Objects.requireNonNull(time, "a deadline needs a clock");
    return new Deadline(time, time.nanoTime() + boundedNanos(timeout));
  }

  /**
   * The deadline that the wall clock shows as this instant. The distance is measured once, now.
   *
   * @param instant any instant
   * @return the deadline on the system's clock
   */
  public static Deadline at(Instant instant) {
    return at(instant, TimeSource.system());
  }

  static Deadline at(Instant instant, TimeSource time) {
    Objects.requireNonNull(instant, "a deadline needs an instant");
    return after(Duration.between(time.instant(), instant), time);
  }

  static long boundedNanos(Duration duration) {
    if (duration.toSeconds() >= FAR_SECONDS) return FAR_NANOS;
    if (duration.toSeconds() <= -FAR_SECONDS) return -FAR_NANOS;
    return duration.toNanos();
  }

  /**
   * The time that is left.
   *
   * @return zero or negative once the deadline has passed
   */
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  long remainingNanos() {
    return this == NONE ? Long.MAX_VALUE : nanoTime - time.nanoTime();
  }

  /**
   * Whether nothing is left.
   *
   * @return false for {@link #NONE}
   */
  public boolean isPast() {
    return remainingNanos() <= 0;
  }

  /**
   * The stricter of two deadlines.
   *
   * @param other on the same clock
   * @return this one, unless the other is earlier
   * @throws IllegalArgumentException if the two are on different clocks
   */
  public Deadline earlierOf(Deadline other) {
    Objects.requireNonNull(other, "there is no other deadline to compare with");
    return other.isBefore(this) ? other : this;
  }

  /**
   * Whether this deadline passes before another one.
   *
   * @param other on the same clock
   * @return false if both are the same moment
   * @throws IllegalArgumentException if the two are on different clocks
   */
  public boolean isBefore(Deadline other) {
    Objects.requireNonNull(other, "there is no other deadline to compare with");
    if (this == NONE) return false;
    if (other == NONE) return true;
    if (time != other.time) {
      throw new IllegalArgumentException(
          "these deadlines are on different clocks ("
              + time
              + " and "
              + other.time
              + ") and cannot be compared");
    }
    return nanoTime - other.nanoTime < 0;
  }

  boolean isOnClockOf(Deadline other) {
    return time == other.time;
  }

  /**
   * What the wall clock is expected to show at the deadline.
   *
   * @return {@link Instant#MAX} for {@link #NONE}
   */
  public Instant instant() {
    return this == NONE ? Instant.MAX : time.instant().plusNanos(remainingNanos());
  }

  /**
   * Whether this is {@link #NONE}.
   *
   * @return false for every moment in time
   */
  public boolean isNone() {
    return this == NONE;
  }

  long nanoTime() {
    return nanoTime;
  }

  static Deadline now(TimeSource time) {
    return new Deadline(time, time.nanoTime());
  }

  /**
   * The same moment on another clock, by what is left of it now: whoever compares needs one clock.
   */
  Deadline on(TimeSource clock) {
    return this == NONE || time == clock
        ? this
        : new Deadline(
            clock, clock.nanoTime() + Math.clamp(remainingNanos(), -FAR_NANOS, FAR_NANOS));
  }

  /** This deadline, or where there is none the latest that there can be: timers need a moment. */
  Deadline orFarAway(TimeSource clock) {
    return this == NONE ? new Deadline(clock, clock.nanoTime() + FAR_NANOS) : this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Deadline that
        && (this == NONE) == (that == NONE)
        && time == that.time
        && nanoTime == that.nanoTime;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(nanoTime);
  }

  @Override
  public String toString() {
    return this == NONE ? "none" : instant() + " [" + readable(remainingNanos()) + "]";
  }

  /**
   * A duration as Go prints it, to the digit that a reader can use: {@code 1.4s}, {@code 250ms},
   * {@code 2m0s}.
   */
  static String readable(long nanos) {
    if (nanos < 0) return "-" + readable(-Math.max(nanos, -Long.MAX_VALUE));
    if (nanos < 1_000_000) return nanos / 1_000 + "µs";
    if (nanos < 1_000_000_000) return nanos / 1_000_000 + "ms";
    long seconds = nanos / 1_000_000_000;
    if (seconds < 60) {
      long tenths = nanos / 100_000_000 % 10;
      return tenths == 0 ? seconds + "s" : seconds + "." + tenths + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 60) return minutes + "m" + seconds % 60 + "s";
    return minutes / 60 + "h" + minutes % 60 + "m" + seconds % 60 + "s";
  }
}
