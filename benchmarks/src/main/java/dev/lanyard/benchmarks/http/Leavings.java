package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Measurement;
import dev.lanyard.context.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Leaves in every way, again and again, and measures how long it takes until the handler that
 * blocks for this client is told.
 */
final class Leavings {
  static final String TRIES = "tries";
  static final String MISSED = "missed";
  static final String EARLY = "early";
  static final String MEDIAN = "p50";
  static final String P99 = "p99";

  private static final int MISSES_ARE_ENOUGH = 5;

  private final int tries;
  private final int warmUp;
  private final Duration patience;
  private int id;

  Leavings(boolean quick) {
    tries = quick ? 3 : 100;
    warmUp = quick ? 1 : 20;
    patience = quick ? Duration.ofMillis(300) : Leaving.PATIENCE;
  }

  /** Measures one way of leaving with each server in turns. */
  List<Measurement> measure(int round, Leaving leaving, SequencedMap<String, ServerProcess> servers)
      throws IOException, InterruptedException {
    var figures = new ArrayList<Measurement>();
    var all = new ArrayList<Outcome>();
    servers.forEach((name, server) -> all.add(new Outcome(name, server)));
    for (int i = 0; i < warmUp + tries; i++) {
      for (Outcome outcome : all) {
        if (outcome.missed == MISSES_ARE_ENOUGH) continue;
        Long took = leave(leaving, outcome.server);
        // A miss counts also in the warm-up: nobody wants to wait for twenty of them.
        if (i >= warmUp || took == null) outcome.add(took);
      }
    }
    for (Outcome outcome : all) figures.addAll(outcome.figures(round, leaving.title()));
    return figures;
  }

  /** The nanoseconds from the client's leaving to the end of the context; null if it missed it. */
  private @Nullable Long leave(Leaving leaving, ServerProcess server)
      throws IOException, InterruptedException {
    int request = ++id;
    BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
    server.onNotice(notices::add);
    try (Connection connection = Connection.open(leaving.transport(), server)) {
      connection.send(leaving.sent().first(leaving.transport(), request));
      if (leaving.sent().awaitsEvent()) connection.awaitEvent();
      var started = new Notice.Started(request);
      if (next(notices, Duration.ofSeconds(5), started::equals) == null) {
        throw new IOException("no handler has started for " + leaving.title());
      }
      connection.settle();
      byte[] later = leaving.sent().later();
      if (later.length > 0) {
        connection.sendMore(later);
        connection.settle();
      }
      long left = connection.leave(leaving.departure());
      Notice notice =
          next(notices, patience, n -> n instanceof Notice.Ended e && e.id() == request);
      return notice instanceof Notice.Ended ended ? ended.nanoTime() - left : null;
    }
  }

  private static @Nullable Notice next(
      BlockingQueue<Notice> notices, Duration patience, Predicate<Notice> wanted)
      throws InterruptedException {
    Deadline deadline = Deadline.after(patience);
    while (true) {
      Notice notice = notices.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      if (notice == null || wanted.test(notice)) return notice;
    }
  }

  /** What one server made of one way of leaving. */
  private static final class Outcome {
    private final String name;
    private final ServerProcess server;
    private final List<Long> noticed = new ArrayList<>();
    private int missed;
    private int early;

    Outcome(String name, ServerProcess server) {
      this.name = name;
      this.server = server;
    }

    void add(@Nullable Long took) {
      if (took == null) missed++;
      else if (took < 0) early++;
      else noticed.add(took);
    }

    List<Measurement> figures(int round, String scenario) {
      var figures = new ArrayList<Measurement>();
      figures.add(count(round, scenario, TRIES, noticed.size() + missed + early));
      figures.add(count(round, scenario, MISSED, missed));
      figures.add(count(round, scenario, EARLY, early));
      if (noticed.isEmpty()) return figures;
      List<Long> sorted = noticed.stream().sorted().toList();
      figures.add(milliseconds(round, scenario, MEDIAN, nearestRank(sorted, 0.50)));
      figures.add(milliseconds(round, scenario, P99, nearestRank(sorted, 0.99)));
      return figures;
    }

    private Measurement count(int round, String scenario, String metric, int count) {
      return new Measurement(round, name, scenario, metric, count, "times");
    }

    private Measurement milliseconds(int round, String scenario, String metric, long nanos) {
      return new Measurement(round, name, scenario, metric, nanos / 1e6, "ms");
    }

    private static long nearestRank(List<Long> sorted, double part) {
      return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
  }
}
