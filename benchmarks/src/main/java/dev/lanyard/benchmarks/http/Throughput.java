package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Measurement;
import dev.lanyard.benchmarks.Output;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a small request costs while a server is loaded as fast as it goes. */
final class Throughput {
  static final String SCENARIO = "hello";
  static final String PROCESSOR = "processor";
  static final String RATE = "rate";

  /** Each with a handler that says hello on a thread of its own. */
  static final String BARE = "Vert.x, a virtual thread";

  static final String ROUTER = "the same behind a router of Vert.x Web";
  static final String LANYARD = "Lanyard with all middleware";
  static final String GO_BARE = "Go net/http";
  static final String GO = "Go net/http with middleware";

  private static final int CONNECTIONS = 64;

  private final Wrk wrk;
  private final int warmUpSeconds;
  private final int seconds;

  Throughput(Output output, boolean quick) {
    wrk = new Wrk(output);
    warmUpSeconds = quick ? 1 : 20;
    seconds = quick ? 1 : 6;
  }

  /** One who answers: a path of a server. */
  private record Target(String name, ServerProcess server, String path) {
    String url() {
      return "http://127.0.0.1:" + server.port() + path;
    }
  }

  /** Warms all up, then loads them in turns, as often as there are rounds. */
  List<Measurement> measure(int first, int rounds, Map<String, ServerProcess> servers)
      throws IOException, InterruptedException {
    var targets = new ArrayList<Target>();
    add(targets, BARE, servers.get(Sides.BARE), "/bare");
    add(targets, ROUTER, servers.get(Sides.BARE), "/hello");
    add(targets, LANYARD, servers.get(Sides.LANYARD), "/hello");
    add(targets, GO_BARE, servers.get(Sides.GO), "/bare");
    add(targets, GO, servers.get(Sides.GO), "/hello");
    for (Target target : targets) wrk.load(target.url(), CONNECTIONS, warmUpSeconds);
    var figures = new ArrayList<Measurement>();
    for (int round = first; round < first + rounds; round++) {
      // Who comes after whom changes with every round.
      List<Target> turns = round % 2 == 0 ? targets : targets.reversed();
      for (Target target : turns) figures.addAll(load(round, target));
    }
    return figures;
  }

  private static void add(
      List<Target> targets, String name, @Nullable ServerProcess server, String path) {
    if (server != null) targets.add(new Target(name, server, path));
  }

  private List<Measurement> load(int round, Target target)
      throws IOException, InterruptedException {
    Duration before = target.server.processorTime();
    Wrk.Load load = wrk.load(target.url(), CONNECTIONS, seconds);
    Duration taken = target.server.processorTime().minus(before);
    double each = taken.toNanos() / 1e3 / load.requests();
    return List.of(
        new Measurement(round, target.name, SCENARIO, PROCESSOR, each, "us"),
        new Measurement(round, target.name, SCENARIO, RATE, load.rate(), "1/s"));
  }
}
