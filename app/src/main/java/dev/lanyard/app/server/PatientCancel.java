package dev.lanyard.app.server;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Group;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.StoreException;
import dev.lanyard.tasks.RefusedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Cancels tasks that nobody else will cancel: while the database does not answer it tries again,
 * for a minute. Many go at once: those share a transaction.
 */
final class PatientCancel {
  private static final System.Logger LOG = System.getLogger(PatientCancel.class.getName());
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** As many as the store writes in one transaction. */
  private static final int AT_ONCE = 200;

  /** So many ids are in a message. */
  private static final int NAMED = 20;

  private final BiConsumer<String, Cancellation> store;

  PatientCancel(BiConsumer<String, Cancellation> store) {
    this.store = store;
  }

  /** Returns when all are cancelled or have ended, or when it gives up and the log says so. */
  void all(Context ctx, List<String> ids, Cancellation cancellation) throws InterruptedException {
    Deque<String> left = new ArrayDeque<>(ids);
    StoreException last = null;
    try (CancellableContext patient = ctx.withTimeout(PATIENCE)) {
      while (!left.isEmpty()) {
        patient.throwIfDone();
        List<String> piece = new ArrayList<>();
        while (piece.size() < AT_ONCE && !left.isEmpty()) piece.add(left.remove());
        StoreException failure = atOnce(piece, cancellation, left);
        if (failure == null) continue;
        if (last == null)
          LOG.log(Level.WARNING, "tasks cannot be cancelled, trying again", failure);
        last = failure;
        patient.sleep(PAUSE);
      }
    } catch (ContextException over) {
      String text = left.size() + " tasks go on that were to be cancelled (" + cancellation.cause();
      LOG.log(Level.ERROR, text + "): " + left.stream().limit(NAMED).toList(), last);
    }
  }

  /** Puts those that could not be cancelled behind the others: it may be the fault of these. */
  private @Nullable StoreException atOnce(
      List<String> ids, Cancellation cancellation, Deque<String> left) throws InterruptedException {
    List<Callable<Optional<StoreException>>> operations = new ArrayList<>(ids.size());
    for (String id : ids) operations.add(() -> one(id, cancellation));
    List<Optional<StoreException>> failures;
    try {
      failures = Group.all(Context.background(), operations);
    } catch (ExecutionException unexpected) {
      throw new IllegalStateException(unexpected.getCause());
    }
    StoreException last = null;
    for (int i = 0; i < ids.size(); i++) {
      StoreException failure = failures.get(i).orElse(null);
      if (failure == null) continue;
      last = failure;
      left.add(ids.get(i));
    }
    return last;
  }

  private Optional<StoreException> one(String id, Cancellation cancellation) {
    try {
      store.accept(id, cancellation);
    } catch (RefusedException ended) {
      // before: nothing is left to cancel
    } catch (StoreException failure) {
      return Optional.of(failure);
    }
    return Optional.empty();
  }
}
