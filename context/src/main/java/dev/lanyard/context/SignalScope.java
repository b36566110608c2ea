package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/** A scope that a signal ends. */
final class SignalScope extends Scope {
  SignalScope(Root root, @Nullable Scope owner, @Nullable Valued values) {
    super(root, owner, values);
  }
}
