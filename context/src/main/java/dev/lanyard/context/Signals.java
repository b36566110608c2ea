package dev.lanyard.context;

/** Contexts that end when the operating system asks the program to. */
public final class Signals {
  private Signals() {}

  /**
   * A context that SIGINT or SIGTERM ends.
   *
   * @param parent ends it too
   * @return the context
   */
  public static CancellableContext notifyContext(Context parent) {
    Lineage above = Lineage.of(parent, "cannot create a context from a null parent");
    return new SignalScope(above.root(), above.scope(), above.values());
  }
}
