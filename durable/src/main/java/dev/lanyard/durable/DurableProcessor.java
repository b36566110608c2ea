package dev.lanyard.durable;

import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: takes tasks that are due from a {@link Database} and runs their handlers, at most so many
 * at once, the most urgent first. Any number of nodes may work on one PostgreSQL. The promise: each
 * accepted task is run at least once and has one end; a node that was given up cannot write one.
 * Handlers should be idempotent.
 *
 * @since 0.1
 */
public final class DurableProcessor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DurableProcessor.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Database database;
  private final DurableSettings settings;
  private final String nodeId;
  private final Slots slots;
  private final Runner runner;
  private final Claims claims;
  private final Signals signals;
  private final Upkeep upkeep;
  private final @Nullable Notifications notifications;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean draining;
  private volatile @Nullable Registration parentWatch;
  private volatile @Nullable Thread upkeepThread;

  private DurableProcessor(Context parent, Database database, DurableSettings settings) {
    this.database = database;
    this.settings = settings;
    nodeId = newNodeId();
    slots = new Slots(settings.workers(), settings.limits(), this::look);
    // The parent's end is a shutdown, and its deadline is none of the tasks'.
    runner = new Runner(database, settings, nodeId, parent.withoutCancel(), slots);
    signals = new Signals(database, runner, nodeId, settings, this::look);
    upkeep = new Upkeep(database, runner, settings, nodeId);
    claims =
        new Claims(
            database.connections(), database.clock(), settings, nodeId, slots, new ThisNode());
    notifications =
        settings.listen() && database.engine() == Database.Engine.POSTGRESQL
            ? new Notifications(database.connections(), this::hurry, this::look)
            : null;
  }

  /** Db-scheduler keeps 50 letters of it. */
  private static String newNodeId() {
    String random = Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36), 36);
    return Texts.cutSome(Upkeep.host(), 28) + "-" + ProcessHandle.current().pid() + "-" + random;
  }

  private void begin(Context parent) {
    if (settings.time() != TimeSource.system()) database.clock().use(settings.time());
    signals.readPaused();
    upkeep.alive();
    database.add(this);
    Thread _ = daemon("lanyard-signals", signals);
    upkeepThread = daemon("lanyard-upkeep", upkeep);
    if (notifications != null) {
      Thread _ = daemon("lanyard-notifications", notifications);
    }
    claims.start();
    parentWatch = parent.afterFunc(this::close);
  }

  private static Thread daemon(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).start(work);
  }

  /** What db-scheduler asks of this node. */
  private final class ThisNode implements Claims.Node {
    @Override
    public void run(Claim claim) {
      runner.enter(); // before the look at whether this node closes: then either sees the other
      try {
        if (takesTasks() && slots.enter(claim.kind())) runInSlot(claim);
        else giveBack(claim);
      } finally {
        runner.leave();
      }
    }

    private void runInSlot(Claim claim) {
      try {
        runner.run(claim);
      } finally {
        slots.leave(claim.kind());
      }
    }

    private void giveBack(Claim claim) {
      try {
        database.journal().write(tx -> claim.giveBack());
      } catch (StoreException unreachable) {
        LOG.debug("A claim could not be given back and will time out", unreachable);
      }
    }

    @Override
    public void lost(Claim claim, String node) {
      // After a pause of this whole process its own tasks look as if it were dead.
      if (nodeId.equals(node) && runner.isRunning(claim.id())) return;
      database
          .journal()
          .write(tx -> {
            Changes.lost(tx, claim, node);
            return null;
          });
    }

    @Override
    public void doubt() {
      signals.hurry();
    }

    @Override
    public boolean takes(String kind) {
      return takesTasks() && !slots.isFull(kind);
    }
  }

  private boolean takesTasks() {
    return !draining && !signals.isPaused();
  }

  void hurry() {
    signals.hurry();
  }

  void look() {
    claims.look();
  }

  void cameIn(int best, int worst) {
    claims.cameIn(best, worst);
  }

  /**
   * Starts a node.
   *
   * @param parent its values reach the handlers; its end is a shutdown of this node, as {@link
   *     #close()}
   * @param database where the tasks are
   * @param settings changes the defaults: {@code s -> s.withWorkers(8)}
   * @return to be closed, before the database
   */
  public static DurableProcessor start(
      Context parent, Database database, UnaryOperator<DurableSettings> settings) {
    Objects.requireNonNull(parent, "a processor needs a context");
    Objects.requireNonNull(database, "a processor needs a database");
    var processor =
        new DurableProcessor(parent, database, settings.apply(DurableSettings.defaults()));
    processor.begin(parent);
    return processor;
  }

  /**
   * The tasks of the database.
   *
   * @return the same as the database's
   */
  public TaskStore store() {
    return database.store();
  }

  /**
   * The id of this node: host, process and something random.
   *
   * @return up to 80 letters
   */
  public String nodeId() {
    return nodeId;
  }

  /**
   * The settings that the node was started with.
   *
   * @return the settings
   */
  public DurableSettings settings() {
    return settings;
  }

  /**
   * What this node has done so far.
   *
   * @return a snapshot
   */
  public NodeStats stats() {
    return runner.tally().stats(settings.workers(), runner.runs().size());
  }

  /**
   * Refuses what no node like this one could run: {@link TaskStore} takes any.
   *
   * @param submission to be checked
   * @throws RefusedException UNKNOWN_KIND, WRONG_PAYLOAD, TIMEOUT_TOO_LONG
   */
  public void check(Submission submission) {
    Acceptance.check(submission.task(), settings);
  }

  /**
   * Checks and submits a task; any node may run it.
   *
   * @param submission what to do
   * @return the task, waiting
   * @throws RefusedException as {@link #check} and {@link TaskStore#submit(Submission)}
   */
  public StoredTask submit(Submission submission) {
    return submitAll(List.of(submission)).getFirst();
  }

  /**
   * Checks and submits tasks, all or none; any node may run them.
   *
   * @param submissions what to do
   * @return the tasks, in the same order
   * @throws RefusedException as {@link #check} and {@link TaskStore#submitAll}
   */
  public List<StoredTask> submitAll(List<Submission> submissions) {
    for (Submission submission : submissions) check(submission);
    return store().submitAll(submissions);
  }

  /**
   * Takes no more tasks, and waits until those that run here have ended. The node then is idle, and
   * stays so until it is closed.
   *
   * @param deadline when to give up waiting; the tasks then go on
   * @return whether all have ended
   * @throws InterruptedException if this thread is interrupted first
   */
  public boolean drain(Deadline deadline) throws InterruptedException {
    Objects.requireNonNull(deadline, "say how long to drain");
    stopTaking();
    while (!slots.isIdle()) {
      Duration remaining = deadline.remaining();
      if (!remaining.isPositive()) return false;
      Duration pause = remaining.compareTo(BETWEEN_LOOKS) < 0 ? remaining : BETWEEN_LOOKS;
      Context.background().sleep(pause);
    }
    return true;
  }

  /**
   * Takes no more tasks, ends the contexts of those that run here with {@link
   * ShuttingDownException}, waits for their handlers as long as the grace, and puts the tasks back
   * into the queue; the attempts do not count. Handlers that have not left by then find that
   * nothing they do counts. An interrupt does not end the wait and stays set.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      closed.join();
      return;
    }
    try {
      shutDown();
    } finally {
      closed.complete(null);
    }
  }

  private void joinUpkeep() {
    Thread thread = upkeepThread;
    try {
      if (thread != null) thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopTaking() {
    if (draining) return;
    draining = true;
    look(); // candidates that were read before are void with it
    upkeep.status(Node.Status.DRAINING);
  }

  private void shutDown() {
    Registration watch = parentWatch;
    if (watch != null) watch.stop();
    stopTaking();
    runner.close();
    claims.stop();
    slots.shutdownNow();
    signals.stop();
    upkeep.stop();
    if (notifications != null) notifications.stop();
    database.remove(this);
    joinUpkeep(); // or it would say once more that this node lives
    try {
      upkeep.gone();
    } catch (StoreException unreachable) {
      LOG.debug("This node could not say that it is gone", unreachable);
    }
  }
}
