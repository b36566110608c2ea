package dev.lanyard.context;

import org.jspecify.annotations.Nullable;

/** What is bound to a thread while {@link Context#call} is on its stack. */
record Current(Lineage bound, @Nullable InterruptRegion region) {
  private static final ScopedValue<Current> CURRENT = ScopedValue.newInstance();

  static Context context() {
    return CURRENT.isBound() ? CURRENT.get().bound : Root.BACKGROUND;
  }

  /**
   * The innermost region around the caller. A binding can be inherited by another thread (a fork of
   * a {@code StructuredTaskScope}); the region stays with its own.
   */
  static @Nullable InterruptRegion enclosingRegion() {
    if (!CURRENT.isBound()) return null;
    InterruptRegion region = CURRENT.get().region;
    return region != null && region.isOfThisThread() ? region : null;
  }

  static <T extends @Nullable Object, X extends Throwable> T call(
      Lineage context, ScopedValue.CallableOp<? extends T, X> operation) throws X {
    return call(context, enclosingRegion(), operation);
  }

  static <T extends @Nullable Object, X extends Throwable> T call(
      Lineage context,
      @Nullable InterruptRegion region,
      ScopedValue.CallableOp<? extends T, X> operation)
      throws X {
    return ScopedValue.where(CURRENT, new Current(Surrogate.of(context), region)).call(operation);
  }

  static void run(Lineage context, Runnable operation) {
    ScopedValue.where(CURRENT, new Current(Surrogate.of(context), enclosingRegion()))
        .run(operation);
  }
}
