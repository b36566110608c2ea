package dev.lanyard.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lanyard.context.Context;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a program is told of calls that a context has ended. */
final class EndedCalls {
  static final String CANCELLED = "57014";
  static final String UNKNOWN = "08007";

  private EndedCalls() {}

  /** The one and only shape of it; returned for what else there is to say. */
  static SQLException isEndedBy(Context context, ThrowingCallable call) {
    return isEndedBy(context, CANCELLED, call);
  }

  static SQLException isEndedBy(Context context, String state, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(context.isDone()).as("the context has ended").isTrue();
    return isEndedBy(context, state, thrown);
  }

  static SQLException isEndedBy(Context context, String state, Throwable thrown) {
    var err = Objects.requireNonNull(context.err());
    assertThat(thrown)
        .isExactlyInstanceOf(err.isTimeout() ? SQLTimeoutException.class : SQLException.class)
        .hasMessageEndingWith(err.getMessage());
    assertThat(thrown.getCause()).isExactlyInstanceOf(err.getClass());
    assertThat(Objects.requireNonNull(thrown.getCause()).getCause()).isSameAs(err.getCause());
    var failure = (SQLException) thrown;
    assertThat(failure.getSQLState()).isEqualTo(state);
    return failure;
  }
}
