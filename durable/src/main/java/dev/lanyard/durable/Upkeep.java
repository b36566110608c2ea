package dev.lanyard.durable;

import dev.lanyard.context.TimeSource;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does once a second: says that it lives, writes how far its tasks are, in one batch,
 * and now and then corrects its clock and deletes what need not be kept any longer. One node at a
 * time deletes: the one that found the last time a minute ago and said so first.
 */
final class Upkeep implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long MINUTE = 60_000;
  private static final long DAY = 24 * 60 * MINUTE;
  private static final int DELETED_AT_ONCE = 1_000;
  private static final int DELETES = 500;

  private final Database database;
  private final Runner runner;
  private final DurableSettings settings;
  private final String node;
  private final String host = host();
  private volatile Node.Status status = Node.Status.ACTIVE;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long corrected;
  private long swept;

  Upkeep(Database database, Runner runner, DurableSettings settings, String node) {
    this.database = database;
    this.runner = runner;
    this.settings = settings;
    this.node = node;
  }

  static String host() {
    try {
      return Texts.cutSome(InetAddress.getLocalHost().getHostName(), 200);
    } catch (UnknownHostException unknown) {
      return "localhost";
    }
  }

  void status(Node.Status status) {
    this.status = status;
    try {
      alive();
    } catch (StoreException unreachable) {
      LOG.debug("The state of this node could not be written", unreachable);
    }
  }

  void stop() {
    stopped.countDown();
  }

  @Override
  public void run() {
    while (!isStoppedWithin(PAUSE)) {
      try {
        alive();
        progress();
        correctClock();
        sweep();
      } catch (StoreException unreachable) {
        LOG.debug("The upkeep must wait", unreachable);
      } catch (RuntimeException unexpected) {
        LOG.error("The upkeep failed", unexpected);
      }
    }
  }

  private boolean isStoppedWithin(Duration pause) {
    try {
      return stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException nobodyElsesBusiness) {
      return true;
    }
  }

  // ---- The node

  void alive() {
    int running = runner.runs().size();
    String now = status.name();
    database
        .journal()
        .write(tx ->
            tx.session.update(
                "insert into lanyard_node (id, host, pid, started_at, heartbeat_at, slots, running,"
                    + " status, lost_after_ms, version) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (id) do update set heartbeat_at = excluded.heartbeat_at,"
                    + " running = excluded.running, status = excluded.status",
                node,
                host,
                ProcessHandle.current().pid(),
                tx.now,
                tx.now,
                settings.workers(),
                running,
                now,
                PAUSE.toMillis() + Math.max(2_000, settings.lease().toMillis()),
                version()));
  }

  void gone() {
    database
        .journal()
        .write(tx -> tx.session.update("delete from lanyard_node where id = ?", node));
  }

  private static String version() {
    String version = Upkeep.class.getPackage().getImplementationVersion();
    if (version == null) {
      version =
          Upkeep.class.getModule().getDescriptor() == null
              ? null
              : Upkeep.class.getModule().getDescriptor().rawVersion().orElse(null);
    }
    return Texts.cutSome(Objects.requireNonNullElse(version, "unknown"), 40);
  }

  // ---- Progress

  /** By the batch: whatever handlers report, it is one transaction a second. */
  void progress() {
    var changed = new ArrayList<@Nullable Object[]>();
    for (Run run : runner.runs()) {
      int percent = run.progress;
      String note = run.note;
      if (percent == run.storedProgress && Objects.equals(note, run.storedNote)) continue;
      run.storedProgress = percent;
      run.storedNote = note;
      changed.add(
          new @Nullable Object[] {
            percent, note, database.clock().millis(), run.id(), run.number(), node
          });
    }
    if (changed.isEmpty()) return;
    database
        .journal()
        .write(tx ->
            tx.session.batch(
                "update lanyard_task set progress = ?, note = ?, progress_at = ? where id = ?"
                    + " and runs = ? and node = ? and state = 'RUNNING'",
                changed));
  }

  private void correctClock() {
    long now = TimeSource.system().nanoTime() / 1_000_000;
    if (now - corrected < MINUTE) return;
    corrected = now;
    database.clock().correct();
  }

  // ---- Retention

  private void sweep() {
    long now = TimeSource.system().nanoTime() / 1_000_000;
    if (now - swept < MINUTE) return;
    swept = now;
    int turn =
        database
            .journal()
            .write(tx ->
                tx.session.update(
                    "update lanyard_control set at = ? where name = 'retention' and at <= ?",
                    tx.now,
                    tx.now - MINUTE + 1_000));
    if (turn == 1) sweepAll();
  }

  void sweepAll() {
    sweep("'COMPLETED', 'CANCELLED'", settings.keepCompleted());
    sweep("'FAILED', 'TIMED_OUT'", settings.keepFailed());
    database
        .journal()
        .write(tx ->
            tx.session.update("delete from lanyard_node where heartbeat_at < ?", tx.now - DAY));
  }

  private void sweep(String states, @Nullable Duration keep) {
    if (keep == null) return;
    for (int i = 0; i < DELETES && stopped.getCount() > 0; i++) {
      int deleted = database.journal().write(tx -> delete(tx, states, keep.toMillis()));
      if (deleted < DELETED_AT_ONCE) return;
    }
  }

  /** A parent is kept as long as a child lives: the child's tree is found through it. */
  private static int delete(Tx tx, String states, long keepMillis) throws SQLException {
    List<String> ids =
        tx.session.query(
            "select id from lanyard_task where state in ("
                + states
                + ") and finished_at < ? and finished_at is not null and not exists (select 1 from"
                + " lanyard_task c where c.parent_id = lanyard_task.id and c.finished_at is"
                + " null) limit ?",
            row -> row.getString(1),
            tx.now - keepMillis,
            DELETED_AT_ONCE);
    for (int i = 0; i < ids.size(); i += 500) {
      List<String> part = ids.subList(i, Math.min(ids.size(), i + 500));
      String marks = Session.marks(part.size());
      Object[] values = Session.padded(part);
      tx.session.update("delete from lanyard_task_event where task_id in (" + marks + ")", values);
      tx.session.update(
          "delete from lanyard_task where finished_at is not null and id in (" + marks + ")",
          values);
    }
    return ids.size();
  }
}
