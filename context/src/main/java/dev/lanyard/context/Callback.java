package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/** An action of the user's. */
final class Callback extends Listener implements Registration {
  private final Runnable action;

  private Callback(Scope owner, Runnable action) {
    super(owner);
    this.action = action;
  }

  static Registration register(@Nullable Scope scope, Runnable action) {
    if (scope == null) return new NeverFires();
    var callback = new Callback(scope, action);
    if (!scope.add(callback)) callback.ended();
    return callback;
  }

  @Override
  void ended() {
    try {
      action.run();
    } catch (Throwable thrown) {
      report(thrown);
    }
  }

  /** One action that fails must stop no other, nor the thread that ends the context. */
  static void report(Throwable thrown) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    } catch (Throwable fromHandler) {
      // Ignored, as the JVM ignores what a handler throws.
    }
  }

  @Override
  public boolean stop() {
    return owner != null && owner.remove(this);
  }

  /** A registration where there is no end: stops once, as any other, and is held by nobody. */
  private static final class NeverFires implements Registration {
    private boolean stopped;

    @Override
    public synchronized boolean stop() {
      boolean first = !stopped;
      stopped = true;
      return first;
    }
  }
}
