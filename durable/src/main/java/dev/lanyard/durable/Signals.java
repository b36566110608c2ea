package dev.lanyard.durable;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.TimeSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether tasks that run on this node were cancelled, given more time, or taken away, and
 * whether the store was paused. What was asked for stands in the rows: to be told, by a
 * notification or by somebody in this process, only makes it look at once.
 *
 * <p><b>Invariants.</b>
 *
 * <ol>
 *   <li>Between two looks there is at most the pause, if the database answers; after {@link #hurry}
 *       a look begins that reads what was committed before.
 *   <li>The runs are gathered before the rows are read: a run that began later is not missed in
 *       them. One whose end is being written is left alone.
 * </ol>
 */
final class Signals implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final Database database;
  private final Runner runner;
  private final String node;
  private final long pauseMillis;
  private final Runnable pausedChanged;

  @GuardedBy("this")
  private boolean hurried;

  @GuardedBy("this")
  private boolean stopped;

  private volatile boolean paused;

  Signals(
      Database database,
      Runner runner,
      String node,
      DurableSettings settings,
      Runnable pausedChanged) {
    this.database = database;
    this.runner = runner;
    this.node = node;
    pauseMillis = settings.signalPoll().toMillis();
    this.pausedChanged = pausedChanged;
  }

  boolean isPaused() {
    return paused;
  }

  void readPaused() {
    paused = database.queries().paused();
  }

  synchronized void hurry() {
    hurried = true;
    notifyAll();
  }

  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  @Override
  public void run() {
    while (await()) {
      try {
        look();
      } catch (StoreException unreachable) {
        LOG.debug("Signals could not be read", unreachable);
      } catch (RuntimeException unexpected) {
        LOG.error("Signals could not be read", unexpected);
      }
    }
  }

  private synchronized boolean await() {
    long end = TimeSource.system().nanoTime() + pauseMillis * 1_000_000;
    while (!hurried && !stopped) {
      long left = (end - TimeSource.system().nanoTime()) / 1_000_000;
      if (left <= 0) break;
      try {
        wait(left);
      } catch (InterruptedException nobodyElsesBusiness) {
        break;
      }
    }
    hurried = false;
    return !stopped;
  }

  private void look() {
    List<Run> runs = List.copyOf(runner.runs());
    if (!runs.isEmpty()) {
      Map<String, Queries.Signal> signals = new HashMap<>();
      for (Queries.Signal each : database.queries().signals(node)) signals.put(each.id(), each);
      for (Run run : runs) tell(run, signals.get(run.id()));
    }
    boolean before = paused;
    readPaused();
    if (before != paused) pausedChanged.run();
    if (database.queries().hasOverdue(database.clock().millis())) {
      database.journal().write(tx -> Changes.due(tx, 200) + Changes.timeOutRetrying(tx, 200));
    }
  }

  private void tell(Run run, Queries.@Nullable Signal signal) {
    if (run.ending) return;
    if (signal == null || signal.run() != run.number()) {
      runner.takenAway(run);
    } else if (signal.cancelledAt() != null) {
      runner.cancelled(run, signal.cancelledAt(), signal.cause(), signal.by());
    } else if (signal.deadline() != null
        && signal.deadline().toEpochMilli() > run.deadlineMillis()) {
      runner.extended(run, signal.deadline());
    }
  }
}
