package dev.lanyard.benchmarks.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask for work that takes a while. Every other request is left at a random moment, in
 * turns by FIN and by RST, and its client comes back on a new connection; the others wait for their
 * answer and ask again.
 */
final class Guests implements AutoCloseable {
  /** What became of a request, as its client saw it. */
  enum Fate {
    ANSWERED,
    /** Answered, and the connection closed at once: perhaps before the handler had returned. */
    ANSWERED_LAST,
    LEFT,
    /** The server closed the connection. */
    CUT
  }

  /** The end of an answer. */
  private static final byte LAST = '\n';

  /** The system gives each of these addresses some 28,000 ports to leave from. */
  private static final List<String> ADDRESSES =
      List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4");

  private final Vertx vertx = Vertx.vertx();
  private final List<NetClient> clients = new ArrayList<>();
  private final ConcurrentHashMap<Integer, Fate> fates = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger unconnected = new AtomicInteger();
  private final int port;
  private final int number;
  private final int longestWork;
  private final CountDownLatch home;
  private volatile boolean late;

  /**
   * Nobody comes yet.
   *
   * @param port of the server
   * @param number of the connections
   * @param longestWork in milliseconds, that a request asks for
   */
  Guests(int port, int number, int longestWork) {
    this.port = port;
    this.number = number;
    this.longestWork = longestWork;
    this.home = new CountDownLatch(number);
    for (String address : ADDRESSES) {
      for (int linger : new int[] {-1, 0}) {
        clients.add(
            vertx.createNetClient(
                new NetClientOptions()
                    .setLocalAddress(address)
                    .setSoLinger(linger)
                    .setConnectTimeout(20_000)));
      }
    }
  }

  /** They come within a time, one after the other. */
  void come(Duration within) {
    for (int i = 0; i < number; i++) {
      NetClient client = clients.get(i % clients.size());
      long delay = 1 + within.toMillis() * i / number;
      vertx.setTimer(delay, _ -> connect(client));
    }
  }

  /** Nobody asks again. Returns when all have gone. */
  void goHome() throws InterruptedException {
    late = true;
    home.await();
  }

  int asked() {
    return asked.get();
  }

  /** How often a connection could not be made. */
  int unconnected() {
    return unconnected.get();
  }

  /** By the number of the request. */
  ConcurrentHashMap<Integer, Fate> fates() {
    return fates;
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private void connect(NetClient client) {
    if (late) {
      home.countDown();
      return;
    }
    client
        .connect(port, "127.0.0.1")
        .onSuccess(socket -> new Guest(client, socket).ask())
        .onFailure(_ -> {
          unconnected.incrementAndGet();
          vertx.setTimer(100, _ -> connect(client));
        });
  }

  /** One connection; all of it happens on its event loop. */
  private final class Guest {
    private final NetClient client;
    private final NetSocket socket;
    private int request;
    private boolean waiting;
    private long timer;

    Guest(NetClient client, NetSocket socket) {
      this.client = client;
      this.socket = socket;
      socket.handler(this::receive);
      socket.closeHandler(_ -> closed());
      socket.exceptionHandler(_ -> {});
    }

    void ask() {
      if (late) {
        socket.close();
        return;
      }
      request = asked.incrementAndGet();
      waiting = true;
      var random = ThreadLocalRandom.current();
      int work = random.nextInt(longestWork);
      socket.write(
          "GET /work?id=" + request + "&ms=" + work + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      timer =
          random.nextBoolean() ? vertx.setTimer(1 + random.nextInt(work + 1), _ -> leave()) : -1;
    }

    private void leave() {
      if (!waiting) return;
      end(Fate.LEFT);
      socket.close();
    }

    private void receive(Buffer part) {
      // A body is a line that ends without \r, so that its end is no end of a head.
      if (!waiting || part.getByte(part.length() - 1) != LAST || endsWithHead(part)) return;
      boolean last = late;
      end(last ? Fate.ANSWERED_LAST : Fate.ANSWERED);
      if (last) socket.close();
      else ask();
    }

    private static boolean endsWithHead(Buffer part) {
      int length = part.length();
      return length >= 2 && part.getByte(length - 2) == '\r';
    }

    private void end(Fate fate) {
      waiting = false;
      if (timer >= 0) vertx.cancelTimer(timer);
      fates.put(request, fate);
    }

    private void closed() {
      if (waiting) end(Fate.CUT);
      connect(client);
    }
  }
}
