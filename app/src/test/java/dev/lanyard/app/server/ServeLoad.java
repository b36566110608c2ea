package dev.lanyard.app.server;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Issue 7, point 4: many clients that submit and watch, and then an account of every task that was
 * acknowledged. Not a test: {@code java … ServeLoad http://127.0.0.1:8080 200 60}.
 */
final class ServeLoad {
  private final String base;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<Long> latencies = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> others = new ConcurrentHashMap<>();
  private final LongAdder events = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  private ServeLoad(String base) {
    this.base = base;
  }

  public static void main(String... arguments) throws Exception {
    var load = new ServeLoad(arguments[0]);
    load.run(Integer.parseInt(arguments[1]), Duration.ofSeconds(Long.parseLong(arguments[2])));
    System.exit(0);
  }

  private void run(int clients, Duration duration) throws Exception {
    long end = System.nanoTime() + duration.toNanos();
    var done = new CountDownLatch(clients);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients / 4; i++) executor.execute(this::watch);
      for (int i = 0; i < clients; i++) {
        executor.execute(() -> {
          while (System.nanoTime() < end) submitAndLook();
          done.countDown();
        });
      }
      done.await();
      report(duration);
      account();
      executor.shutdownNow();
    }
  }

  private void watch() {
    try {
      var request = HttpRequest.newBuilder(URI.create(base + "/api/events")).build();
      client
          .send(request, BodyHandlers.ofLines())
          .body()
          .forEach(line -> {
            if (line.startsWith("event: task")) events.increment();
            if (line.startsWith("event: dropped")) dropped.increment();
          });
    } catch (IOException | InterruptedException end) {
      // of the program
    }
  }

  private void submitAndLook() {
    try {
      long begun = System.nanoTime();
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(base + "/api/tasks"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"name\":\"Load\",\"sleep\":\"1ms\"}"))
                  .build(),
              BodyHandlers.ofString());
      if (response.statusCode() == 201) {
        latencies.add(System.nanoTime() - begun);
        String path = response.headers().firstValue("Location").orElseThrow();
        acknowledged.add(path.substring(path.lastIndexOf('/') + 1));
        var look = HttpRequest.newBuilder(URI.create(base + path)).build();
        int status = client.send(look, BodyHandlers.ofString()).statusCode();
        if (status != 200) count("look " + status);
      } else {
        count("submit " + response.statusCode());
      }
      LockSupport.parkNanos(100_000_000);
    } catch (IOException | InterruptedException e) {
      count(e.toString());
    }
  }

  private void count(String what) {
    others.computeIfAbsent(what, _ -> new LongAdder()).increment();
  }

  private void report(Duration duration) {
    long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%d acknowledged (%.0f/s), submit p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max %.1f ms; others %s;"
            + " events read %d, readers told of drops %d%n",
        sorted.length,
        sorted.length / (double) duration.toSeconds(),
        at(sorted, 0.5),
        at(sorted, 0.95),
        at(sorted, 0.99),
        at(sorted, 1),
        others,
        events.sum(),
        dropped.sum());
  }

  private static double at(long[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * part))] / 1e6;
  }

  /** Waits until nothing is left to do, and then looks for each. */
  private void account() throws Exception {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < Duration.ofMinutes(10).toNanos()) {
      JsonObject states = get("/api/stats").getJsonObject("states");
      if (states.getLong("pending") + states.getLong("running") == 0) break;
      LockSupport.parkNanos(500_000_000);
    }
    Map<String, String> found = new HashMap<>();
    String cursor = null;
    do {
      JsonObject page = get("/api/tasks?limit=500" + (cursor == null ? "" : "&cursor=" + cursor));
      for (JsonObject task : Served.objects(page.getJsonArray("tasks"))) {
        found.put(task.getString("id"), task.getString("state"));
      }
      cursor = page.getString("next");
    } while (cursor != null);
    Map<String, Integer> fates = new HashMap<>();
    for (String id : acknowledged) fates.merge(found.getOrDefault(id, "LOST"), 1, Integer::sum);
    System.out.printf(
        "account after %.1f s more: %s of %d%n",
        (System.nanoTime() - begun) / 1e9, fates, acknowledged.size());
  }

  private JsonObject get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(base + path)).build();
    return new JsonObject(client.send(request, BodyHandlers.ofString()).body());
  }
}
