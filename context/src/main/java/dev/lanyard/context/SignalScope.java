package dev.lanyard.context;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scope that signals end. When it is told of them is the business of {@link Signals}. */
final class SignalScope extends Scope {
  private final List<String> descriptions;

  /** The signal that came for it. Under the lock of {@link Signals}. */
  @Nullable CancelledException signalled;

  SignalScope(
      Root root, @Nullable Scope owner, @Nullable Valued values, List<String> descriptions) {
    super(root, owner, values);
    this.descriptions = descriptions;
  }

  /** Gives the signals back, also after one of them has ended this context. */
  @Override
  public void close() {
    // First, so that a signal that comes from now on is for the program. One that came before is
    // the
    // cause, also where its own thread is only about to say so: none goes unnoticed.
    cancel(Signals.forget(this));
  }

  /** As Go prints it: around the parent, not behind it. */
  @Override
  public void describe(StringBuilder path) {
    path.insert(0, "signal.NotifyContext(")
        .append(", [")
        .append(String.join(" ", descriptions))
        .append("])");
  }
}
