package dev.lanyard.context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Atomic access to a field, without an object beside it as the classes of the JDK need. */
final class Handle {
  private Handle() {}

  /** For a static final field of the class that looks up its own private field. */
  static VarHandle of(MethodHandles.Lookup lookup, String field, Class<?> type) {
    try {
      return lookup.findVarHandle(lookup.lookupClass(), field, type);
    } catch (ReflectiveOperationException misspelled) {
      throw new ExceptionInInitializerError(misspelled);
    }
  }
}
