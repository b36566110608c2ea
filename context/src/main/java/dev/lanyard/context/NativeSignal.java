package dev.lanyard.context;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A handler of one signal, in place from its creation until {@link #restorePrevious}.
 *
 * <p>This is {@code sun.misc.Signal}, by handles: not every JVM has it, and javac warns of it in a
 * way that no annotation suppresses.
 */
final class NativeSignal {
  private static final @Nullable Access ACCESS = Access.find();

  private final Access access;
  private final Object signal;
  private final Object ours;
  private final @Nullable Object previous;

  /**
   * Installs the handler.
   *
   * @param received runs on a new thread for each signal
   * @throws IllegalArgumentException if the system has no such signal, or the JVM does not give it
   *     away
   */
  NativeSignal(String name, Runnable received) {
    if (ACCESS == null) {
      throw new IllegalArgumentException(
          "cannot listen to signal " + name + ": this JVM runs without the module jdk.unsupported");
    }
    access = ACCESS;
    signal = Objects.requireNonNull(call(access.newSignal, name));
    ours = access.handler(received);
    previous = call(access.install, signal, ours);
  }

  int number() {
    return (int) Objects.requireNonNull(call(access.number, signal));
  }

  /** Does what would have been done without us, unless that is not done in Java. */
  void callPrevious() {
    if (previous == null) return;
    try {
      call(access.handle, previous, signal);
    } catch (UnsupportedOperationException defaultOfTheSystem) {
      // There is nothing to call.
    }
  }

  /** Unless someone else has installed theirs after us: then that one stays. */
  void restorePrevious() {
    Object current = call(access.install, signal, previous);
    if (current != ours) call(access.install, signal, current);
  }

  private static @Nullable Object call(MethodHandle method, @Nullable Object... arguments) {
    try {
      return method.invokeWithArguments(arguments);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable checked) {
      throw new LinkageError("sun.misc.Signal declares no checked exception", checked);
    }
  }

  private record Access(
      Class<?> handlerType,
      MethodHandle newSignal,
      MethodHandle number,
      MethodHandle install,
      MethodHandle handle) {

    static @Nullable Access find() {
      try {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        var lookup = MethodHandles.publicLookup();
        return new Access(
            handler,
            lookup.findConstructor(signal, MethodType.methodType(void.class, String.class)),
            lookup.findVirtual(signal, "getNumber", MethodType.methodType(int.class)),
            lookup.findStatic(signal, "handle", MethodType.methodType(handler, signal, handler)),
            lookup.findVirtual(handler, "handle", MethodType.methodType(void.class, signal)));
      } catch (ReflectiveOperationException absent) {
        return null;
      }
    }

    Object handler(Runnable received) {
      try {
        MethodHandle run =
            MethodHandles.publicLookup()
                .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                .bindTo(received);
        return MethodHandleProxies.asInterfaceInstance(
            handlerType, MethodHandles.dropArguments(run, 0, newSignal.type().returnType()));
      } catch (ReflectiveOperationException impossible) {
        throw new LinkageError("Runnable has no run", impossible);
      }
    }
  }
}
