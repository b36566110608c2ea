package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Measurement;
import dev.lanyard.benchmarks.Output;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ten thousand connections, half of whose requests are left: is every request accounted for by one
 * cause, and is nothing left of them?
 */
final class Crowd {
  static final String SCENARIO = "crowd";
  static final String FINISHED = "finished";
  static final String CLIENT_GONE = "client-gone";

  private final Output output;
  private final int connections;
  private final int longestWork;
  private final int seconds;

  Crowd(Output output, boolean quick) {
    this.output = output;
    connections = quick ? 500 : 10_000;
    longestWork = quick ? 2_000 : 10_000;
    seconds = quick ? 4 : 60;
  }

  /** What the server tells about requests. */
  private static final class Told {
    final ConcurrentHashMap<Integer, String> causes = new ConcurrentHashMap<>();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger endedTwice = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();

    void hear(Notice notice) {
      if (notice instanceof Notice.Started) {
        started.incrementAndGet();
        open.incrementAndGet();
      } else if (notice instanceof Notice.Ended ended) {
        open.decrementAndGet();
        if (causes.put(ended.id(), ended.cause()) != null) endedTwice.incrementAndGet();
      }
    }
  }

  /** Once: it takes its seconds, those of a small crowd before it, and those of the last work. */
  List<Measurement> measure(int round, ServerProcess server)
      throws IOException, InterruptedException {
    visit(server, new Told(), new ArrayList<>(), connections, 5);
    LiveHeap before = LiveHeap.of(server, output);
    Map<String, Long> countedBefore = counts(server);

    var told = new Told();
    var heaps = new ArrayList<LiveHeap>();
    var figures = new Figures(round);
    Guests guests = visit(server, told, heaps, connections, seconds);
    LiveHeap after = LiveHeap.of(server, output);
    Map<String, Long> counted = counts(server);

    figures.count("asked", guests.asked());
    for (Guests.Fate fate : Guests.Fate.values()) {
      figures.count(
          "client: " + fate.name().toLowerCase(Locale.ROOT).replace('_', ' '), fates(guests, fate));
    }
    figures.count("connections refused", guests.unconnected());
    figures.count("server: begun", told.started.get());
    var causes = new TreeMap<String, Long>();
    told.causes.values().forEach(cause -> causes.merge(cause, 1L, Long::sum));
    causes.forEach((cause, count) -> figures.count("server: " + cause, count));
    counted.forEach((cause, count) -> {
      // The question for the counts is a request, too, which ends after it was answered.
      long own = cause.equals(FINISHED) ? 1 : 0;
      long since = count - countedBefore.getOrDefault(cause, 0L) - own;
      if (since != 0) figures.count("counter: " + cause, since);
    });
    figures.count("without a cause", told.open.get());
    figures.count("with two causes", told.endedTwice.get());
    figures.count("contradictions", contradictions(guests, told));
    figures.count("contexts before", before.contexts());
    figures.count("contexts at 4/4", heaps.getLast().contexts());
    figures.count("contexts after", after.contexts());
    figures.count("virtual threads before", before.virtualThreads());
    figures.count("virtual threads after", after.virtualThreads());
    figures.megabytes("heap before", before.bytes());
    for (int i = 0; i < heaps.size(); i++) {
      figures.megabytes("heap at " + (i + 1) + "/" + heaps.size(), heaps.get(i).bytes());
    }
    figures.megabytes("heap after", after.bytes());
    return figures.all;
  }

  private Guests visit(
      ServerProcess server, Told told, List<LiveHeap> heaps, int number, int visitSeconds)
      throws IOException, InterruptedException {
    server.onNotice(told::hear);
    try (var guests = new Guests(server.port(), number, longestWork)) {
      guests.come(Duration.ofSeconds(2));
      for (int i = 0; i < 4; i++) {
        TimeUnit.MILLISECONDS.sleep(visitSeconds * 1_000L / 4);
        heaps.add(LiveHeap.of(server, output));
      }
      guests.goHome();
      // The server hears of the last ones a little later, and what it tells takes its time.
      for (int i = 0; i < 100 && told.open.get() > 0; i++) TimeUnit.MILLISECONDS.sleep(50);
      return guests;
    }
  }

  private static long fates(Guests guests, Guests.Fate wanted) {
    return guests.fates().values().stream().filter(fate -> fate == wanted).count();
  }

  /** Requests that were answered but did not finish, or were not left but are said to have been. */
  private static long contradictions(Guests guests, Told told) {
    return guests.fates().entrySet().stream()
        .filter(request -> !agree(request.getValue(), told.causes.get(request.getKey())))
        .count();
  }

  private static boolean agree(Guests.Fate fate, @Nullable String cause) {
    boolean finished = FINISHED.equals(cause);
    return switch (fate) {
      case ANSWERED -> finished;
      case ANSWERED_LAST -> finished || CLIENT_GONE.equals(cause);
      // It may have left while it was being answered, or before the server had read a byte.
      case LEFT -> finished || CLIENT_GONE.equals(cause) || cause == null;
      case CUT -> false;
    };
  }

  /** The server's own counters, by cause. */
  private static Map<String, Long> counts(ServerProcess server)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.port() + "/counts");
      String body =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      var counts = new TreeMap<String, Long>();
      body.lines()
          .map(line -> line.split(" ", -1))
          .forEach(words -> counts.put(words[0], Long.parseLong(words[1])));
      return counts;
    }
  }

  private record Figures(int round, List<Measurement> all) {
    Figures(int round) {
      this(round, new ArrayList<>());
    }

    void count(String metric, long count) {
      all.add(new Measurement(round, Sides.LANYARD, SCENARIO, metric, count, ""));
    }

    void megabytes(String metric, long bytes) {
      all.add(new Measurement(round, Sides.LANYARD, SCENARIO, metric, bytes / 1e6, "MB"));
    }
  }
}
