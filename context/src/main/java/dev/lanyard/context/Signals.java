package dev.lanyard.context;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Contexts that end when the operating system asks the program to. Go's {@code
 * signal.NotifyContext}.
 *
 * {@snippet :
 * try (CancellableContext ctx = Signals.notifyContext(Context.background())) {
 *   serve(ctx);
 * } // from here on the signals do again what they did before
 * }
 *
 * <p>The first signal ends the context, with a {@link SignalException} as cause, and the program
 * finishes in its own way. A second one, of any of the context's signals, ends the process at once
 * with exit code 128 + its number: no shutdown hook runs. It does so until the context is closed;
 * then the handlers from before stand again, as they do when it is cancelled, or its parent ends,
 * before a signal came. One signal ends all contexts that listen to it.
 *
 * <p><b>What cannot be listened to.</b> A JVM leaves {@code INT}, {@code TERM} and {@code HUP}
 * ignored where they were when it started ({@code nohup}, background jobs of a script). It hands
 * out no signals where the module {@code jdk.unsupported} is absent (a program on the module path
 * must require it) or under {@code -Xrs}. There a shutdown hook ends the context, whatever shuts
 * the JVM down, and waits for its close, at most five seconds; under {@code -Xrs} a signal ends the
 * process without running hooks.
 *
 * @since 0.1
 */
// Invariants, all under LOCK; contexts end outside it, for that runs code of others:
// 1. Our handler is installed if and only if INSTALLED has the signal: then a scope listens to it.
// 2. A scope listens from its creation to its close, or to an end that no signal brought.
// 3. A signal that finds no listener goes to the handler from before: a close loses none.
// 4. One signal finds a scope not yet signalled. Every later one ends the process.
public final class Signals {
  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "HUP", "hangup",
          "INT", "interrupt",
          "QUIT", "quit",
          "TERM", "terminated",
          "USR1", "user defined signal 1",
          "USR2", "user defined signal 2");

  /** Those by which the operating system ends a JVM, and for which a shutdown hook can stand in. */
  private static final Set<String> SHUTDOWN = Set.of("HUP", "INT", "TERM");

  private static final long HOOK_WAITS_SECONDS = 5;

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition FORGOTTEN = LOCK.newCondition();

  @GuardedBy("LOCK")
  private static final Map<String, Listening> INSTALLED = new HashMap<>();

  /** Those that the shutdown of the JVM ends. */
  @GuardedBy("LOCK")
  private static final Set<SignalScope> UNTIL_SHUTDOWN = new LinkedHashSet<>();

  @GuardedBy("LOCK")
  private static @Nullable Thread hook;

  private Signals() {}

  /**
   * A context that SIGINT (Ctrl+C) and SIGTERM end.
   *
   * @param parent ends it too
   * @return the context, to be closed when the program has come to its end
   */
  public static CancellableContext notifyContext(Context parent) {
    return notifyContext(parent, "INT", "TERM");
  }

  /**
   * A context that any of these signals ends.
   *
   * @param parent ends it too
   * @param signals names, as {@code TERM} or {@code SIGTERM}; at least one
   * @return the context, to be closed when the program has come to its end
   * @throws IllegalArgumentException if there is no such signal on this system, or the JVM keeps it
   *     for itself
   */
  public static CancellableContext notifyContext(Context parent, String... signals) {
    Lineage above = Lineage.of(parent, "cannot create a context from a null parent");
    var names = new LinkedHashSet<String>();
    for (String signal : signals)
      names.add(signal.startsWith("SIG") ? signal.substring(3) : signal);
    if (names.isEmpty())
      throw new IllegalArgumentException("no signal is named that ends the context");
    var descriptions = names.stream().map(Signals::description).toList();
    var scope = new SignalScope(above.root(), above.scope(), above.values(), descriptions);
    LOCK.lock();
    try {
      for (String name : names) listen(scope, name);
    } catch (IllegalArgumentException noSuchSignal) {
      forget(scope);
      throw noSuchSignal;
    } finally {
      LOCK.unlock();
    }
    Registration _ = scope.onDone(() -> forgetUnlessSignalled(scope));
    return scope;
  }

  private static String description(String name) {
    return DESCRIPTIONS.getOrDefault(name, "SIG" + name);
  }

  @GuardedBy("LOCK")
  private static void listen(SignalScope scope, String name) {
    Listening listening = INSTALLED.get(name);
    if (listening == null) {
      try {
        listening = new Listening(name);
      } catch (IllegalArgumentException refused) {
        if (!SHUTDOWN.contains(name)) throw refused;
        listenToShutdown(scope);
        return;
      }
      INSTALLED.put(name, listening);
    }
    listening.scopes.add(scope);
  }

  /**
   * Gives back what this scope alone listened to. Any number of times.
   *
   * @return what has come for it before, if anything
   */
  @CanIgnoreReturnValue
  static @Nullable CancelledException forget(SignalScope scope) {
    LOCK.lock();
    try {
      for (Listening each : List.copyOf(INSTALLED.values())) {
        if (each.scopes.remove(scope) && each.scopes.isEmpty()) {
          INSTALLED.remove(each.name);
          each.handler.restorePrevious();
        }
      }
      if (UNTIL_SHUTDOWN.remove(scope)) forgetShutdown();
      return scope.signalled;
    } finally {
      LOCK.unlock();
    }
  }

  private static void forgetUnlessSignalled(SignalScope scope) {
    LOCK.lock();
    try {
      if (scope.signalled == null) forget(scope);
    } finally {
      LOCK.unlock();
    }
  }

  // ---- Without signals: the shutdown hook

  @GuardedBy("LOCK")
  private static void listenToShutdown(SignalScope scope) {
    if (hook == null) {
      var thread = new Thread(Signals::shutDown, "lanyard-shutdown");
      try {
        Runtime.getRuntime().addShutdownHook(thread);
      } catch (IllegalStateException shutdownHasBegun) {
        return;
      }
      hook = thread;
    }
    UNTIL_SHUTDOWN.add(scope);
  }

  @GuardedBy("LOCK")
  private static void forgetShutdown() {
    FORGOTTEN.signalAll();
    if (hook == null || !UNTIL_SHUTDOWN.isEmpty()) return;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      hook = null;
    } catch (IllegalStateException shutdownHasBegun) {
      // It is running, and waits for just this.
    }
  }

  private static void shutDown() {
    var cause = new CancelledException("the program is shutting down", null, null);
    List<SignalScope> listening;
    LOCK.lock();
    try {
      listening = List.copyOf(UNTIL_SHUTDOWN);
      for (SignalScope each : listening) each.signalled = cause;
    } finally {
      LOCK.unlock();
    }
    for (SignalScope each : listening) each.cancel(cause);
    LOCK.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(HOOK_WAITS_SECONDS);
      while (left > 0 && !UNTIL_SHUTDOWN.isEmpty()) left = FORGOTTEN.awaitNanos(left);
    } catch (InterruptedException shutdownIsHurried) {
      Thread.currentThread().interrupt();
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * Who listens to one signal, from the installation of our handler until the one from before
   * stands again.
   */
  private static final class Listening {
    private final String name;
    private final NativeSignal handler;

    /** Under LOCK. */
    private final Set<SignalScope> scopes = new LinkedHashSet<>();

    /** Under LOCK, so that a signal that comes at once finds this complete. */
    Listening(String name) {
      this.name = name;
      handler = new NativeSignal(name, this::received);
    }

    /** On a new thread for each signal. */
    private void received() {
      SignalException cause;
      List<SignalScope> ending;
      boolean again = false;
      LOCK.lock();
      try {
        cause = new SignalException(name, description(name), handler.number());
        for (SignalScope each : List.copyOf(scopes)) {
          if (each.hasEnded() && each.signalled == null) forget(each);
        }
        ending = List.copyOf(scopes);
        for (SignalScope each : ending) {
          again |= each.signalled != null;
          each.signalled = cause;
        }
      } finally {
        LOCK.unlock();
      }
      if (again) Runtime.getRuntime().halt(cause.exitCode());
      if (ending.isEmpty()) handler.callPrevious();
      for (SignalScope each : ending) each.cancel(cause);
    }
  }
}
