package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.http.RequestEnd;
import dev.lanyard.testing.Eventually;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The small form of what {@code benchmarks/http --only crowd} does with ten thousand. */
@Isolated("it asks for collections, and its clients need the processor")
class CrowdTest {
  private static final int CONNECTIONS = 500;
  private static final int REQUESTS_EACH = 6;
  private static final int LONGEST_WORK = 800;

  /** What became of a request, as its client saw it. */
  private enum Fate {
    ANSWERED,
    LEFT_BY_FIN,
    /** The system may throw away what was sent before, so the server may never see the request. */
    LEFT_BY_RST
  }

  private final AtomicInteger asked = new AtomicInteger();
  private final Map<Integer, Fate> fates = new ConcurrentHashMap<>();
  private final Map<Integer, Throwable> causes = new ConcurrentHashMap<>();
  private final Queue<Integer> completedTwice = new ConcurrentLinkedQueue<>();
  private final Queue<WeakReference<Context>> contexts = new ConcurrentLinkedQueue<>();
  private final Queue<WeakReference<Thread>> handlers = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  @DisplayName("of a crowd, half of which leaves, each request has one end, and nothing is left")
  void crowd() throws Exception {
    try (var served = new Served(router -> router.get("/work").handler(Blocking.on(this::work)))) {
      List<Thread> guests = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        guests.add(Thread.startVirtualThread(() -> visit(served.port())));
      }
      for (Thread guest : guests) guest.join();
      assertThat(failures).isEmpty();

      Eventually.holds(
          () -> "under way: " + served.requests.underWay() + "; told of " + causes.size(),
          () -> {
            drain(served);
            return served.requests.underWay() == 0 && fates.keySet().stream().allMatch(this::known);
          });

      assertThat(fates).hasSize(CONNECTIONS * REQUESTS_EACH);
      assertThat(fates).containsValues(Fate.values());
      assertThat(completedTwice).isEmpty();
      causes.forEach((request, cause) -> {
        if (fates.get(request) == Fate.ANSWERED) {
          assertThat(cause).isInstanceOf(RequestEnd.Finished.class);
        } else {
          // It may leave while it is being answered.
          assertThat(cause).isInstanceOfAny(RequestEnd.ClientGone.class, RequestEnd.Finished.class);
        }
      });
      assertThat(served.requests.counts().total()).isEqualTo(causes.size());
      assertThat(served.requests.counts().clientGone()).isPositive();

      Eventually.holds(
          "contexts are collected, and handlers have returned",
          () -> {
            System.gc();
            return contexts.stream().allMatch(context -> context.refersTo(null))
                && handlers.stream().allMatch(CrowdTest::isOver);
          });
    }
  }

  private void work(Context ctx, RoutingContext routing) throws InterruptedException {
    contexts.add(new WeakReference<>(ctx));
    handlers.add(new WeakReference<>(Thread.currentThread()));
    ctx.sleep(Duration.ofMillis(Integer.parseInt(routing.queryParam("ms").getFirst())));
    routing.end("done\n");
  }

  /** Several requests: each connection is kept until it is left. */
  private void visit(int port) {
    Socket socket = null;
    try {
      for (int i = 0; i < REQUESTS_EACH; i++) {
        if (socket == null) socket = new Socket(InetAddress.getLoopbackAddress(), port);
        if (ask(socket) != Fate.ANSWERED) socket = null;
      }
      if (socket != null) socket.close();
    } catch (IOException failure) {
      failures.add(failure);
    }
  }

  private Fate ask(Socket socket) throws IOException {
    var random = ThreadLocalRandom.current();
    int request = asked.incrementAndGet();
    int work = random.nextInt(LONGEST_WORK);
    String head = "GET /work?id=" + request + "&ms=" + work + " HTTP/1.1\r\nHost: x\r\n\r\n";
    boolean leaves = random.nextBoolean();
    socket.setSoTimeout(leaves ? 1 + random.nextInt(work + 1) : 20_000);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    Fate fate;
    try {
      awaitAnswer(socket.getInputStream());
      fate = Fate.ANSWERED;
    } catch (SocketTimeoutException enough) {
      if (!leaves) throw enough;
      boolean byReset = random.nextBoolean();
      if (byReset) socket.setSoLinger(true, 0);
      socket.close();
      fate = byReset ? Fate.LEFT_BY_RST : Fate.LEFT_BY_FIN;
    }
    fates.put(request, fate);
    return fate;
  }

  private static void awaitAnswer(InputStream in) throws IOException {
    var answer = new StringBuilder();
    byte[] buffer = new byte[1024];
    while (answer.indexOf("done\n") < 0) {
      int count = in.read(buffer);
      if (count < 0) throw new IOException("cut off after: " + answer);
      answer.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
    }
    if (!answer.toString().startsWith("HTTP/1.1 200")) throw new IOException("not: " + answer);
  }

  private void drain(Served served) {
    while (true) {
      CompletedRequest request = served.completed.poll();
      if (request == null) return;
      String target = request.target();
      int id = Integer.parseInt(target.substring(target.indexOf("id=") + 3, target.indexOf('&')));
      if (causes.put(id, request.cause()) != null) completedTwice.add(id);
    }
  }

  private boolean known(int request) {
    return causes.containsKey(request) || fates.get(request) == Fate.LEFT_BY_RST;
  }

  private static boolean isOver(WeakReference<Thread> handler) {
    Thread thread = handler.get();
    return thread == null || !thread.isAlive();
  }
}
