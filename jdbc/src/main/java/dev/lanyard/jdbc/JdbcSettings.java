package dev.lanyard.jdbc;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the connections of a {@link ContextDataSource} are ended. Immutable: each {@code with} gives
 * a new one.
 *
 * @since 0.1
 */
public final class JdbcSettings {
  private static final JdbcSettings DEFAULTS = new JdbcSettings(Duration.ofMillis(500), null, null);

  private final Duration grace;
  private final @Nullable Duration serverTimeout;
  private final @Nullable StatementObserver observer;

  private JdbcSettings(
      Duration grace, @Nullable Duration serverTimeout, @Nullable StatementObserver observer) {
    this.grace = grace;
    this.serverTimeout = serverTimeout;
    this.observer = observer;
  }

  /**
   * A grace of 500 ms, no timeout in the server, no observer.
   *
   * @return the settings of {@link ContextDataSource#wrap}
   */
  public static JdbcSettings defaults() {
    return DEFAULTS;
  }

  /**
   * How long a call that was cancelled may take to come back before its connection is aborted. A
   * database that answers ends a statement within milliseconds; the grace is for one that is frozen
   * or cut off.
   *
   * @param grace more than zero
   * @return these settings with that grace
   */
  public JdbcSettings withGrace(Duration grace) {
    if (!Objects.requireNonNull(grace, "a grace is missing").isPositive()) {
      throw new IllegalArgumentException(
          "the grace must be more than zero, or no cancel could ever succeed: " + grace);
    }
    return new JdbcSettings(grace, serverTimeout, observer);
  }

  /**
   * Tells PostgreSQL too how long a statement may take: {@code statement_timeout} is kept at what
   * is left until the deadline, and this much. It is a net for the case that nobody is there to
   * cancel, because this program was killed or cut off. In a transaction it costs a round trip when
   * the deadline changes; outside of one it is set for the session and set back by {@code close},
   * which must not be done through a pooler that gives each statement another session.
   *
   * @param slack how much later than the deadline, so that in the normal case the cancel comes
   *     first; zero or more
   * @return these settings with a timeout in the server; other databases than PostgreSQL take no
   *     notice
   */
  public JdbcSettings withServerTimeout(Duration slack) {
    if (Objects.requireNonNull(slack, "how much later is missing").isNegative()) {
      throw new IllegalArgumentException(
          "the server would stop statements before their deadline: " + slack);
    }
    return new JdbcSettings(grace, slack, observer);
  }

  /**
   * Tells an observer of each statement.
   *
   * @param observer for spans, meters or a log
   * @return these settings with that observer
   */
  public JdbcSettings withObserver(StatementObserver observer) {
    return new JdbcSettings(
        grace, serverTimeout, Objects.requireNonNull(observer, "an observer is missing"));
  }

  Duration grace() {
    return grace;
  }

  @Nullable Duration serverTimeout() {
    return serverTimeout;
  }

  @Nullable StatementObserver observer() {
    return observer;
  }
}
