package dev.lanyard.app.input;

import dev.lanyard.context.SignalException;
import dev.lanyard.tasks.Outcome;
import org.jspecify.annotations.Nullable;

/** Why a task did not complete, on one line. */
public final class Reason {
  private Reason() {}

  /** Null for a task that completed. */
  public static @Nullable String of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> null;
      case Outcome.Failed failed -> of(failed.failure());
      case Outcome.TimedOut timedOut -> "context deadline exceeded";
      case Outcome.Cancelled cancelled -> {
        Throwable cause = cancelled.reason().getCause();
        // That it was a signal stands on the screen already.
        yield cause == null || cause instanceof SignalException
            ? "context canceled"
            : "context canceled (" + of(cause) + ")";
      }
    };
  }

  public static String of(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip();
  }
}
