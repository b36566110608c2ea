package dev.lanyard.benchmarks.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lanyard.benchmarks.Measurement;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.TimeSource;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/**
 * How long a small request takes on a connection that stays, to a service directly and through
 * those who stand before it. One request at a time: it is the way that is measured, not a queue.
 */
final class AddedLatency {
  static final String SCENARIO = "latency";
  static final String MEDIAN = "p50";
  static final String P99 = "p99";

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(US_ASCII);
  private static final int BLOCK = 200;

  private final int blocks;
  private final int warmUp;

  AddedLatency(boolean quick) {
    blocks = quick ? 2 : 50;
    warmUp = quick ? 200 : 20_000;
  }

  /** Asks each port in turns, a block of requests at a time. */
  List<Measurement> measure(int round, SequencedMap<String, Integer> ports)
      throws IOException, InterruptedException {
    var ways = new ArrayList<Way>();
    try {
      for (var port : ports.entrySet()) {
        ways.add(new Way(port.getKey(), connect(port.getValue()), blocks * BLOCK));
      }
      for (Way way : ways) {
        for (int i = 0; i < warmUp; i++) way.ask();
      }
      for (int block = 0; block < blocks; block++) {
        for (Way way : ways) {
          for (int i = 0; i < BLOCK; i++) way.took[block * BLOCK + i] = way.ask();
        }
      }
    } finally {
      for (Way way : ways) way.socket.close();
    }
    var figures = new ArrayList<Measurement>();
    for (Way way : ways) {
      Arrays.sort(way.took);
      figures.add(way.figure(round, MEDIAN, way.took.length / 2));
      figures.add(way.figure(round, P99, way.took.length * 99 / 100));
    }
    return figures;
  }

  /** The process behind the port may have only just begun. */
  private static Socket connect(int port) throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(10));
    while (true) {
      var socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return socket;
      } catch (SocketException notYet) {
        socket.close();
        if (deadline.isPast()) throw notYet;
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  /** One who answers, and how long each answer took in nanoseconds. */
  private static final class Way {
    private final String name;
    private final Socket socket;
    private final long[] took;

    Way(String name, Socket socket, int requests) {
      this.name = name;
      this.socket = socket;
      this.took = new long[requests];
    }

    long ask() throws IOException {
      long start = TimeSource.system().nanoTime();
      socket.getOutputStream().write(REQUEST);
      byte[] buffer = new byte[4096];
      int length = 0;
      while (true) {
        int count = socket.getInputStream().read(buffer, length, buffer.length - length);
        if (count < 0) throw new EOFException(name + " has closed the connection");
        length += count;
        String answer = new String(buffer, 0, length, ISO_8859_1);
        if (!answer.endsWith("\r\n\r\nhello") && !answer.endsWith("hello\r\n0\r\n\r\n")) continue;
        if (!answer.startsWith("HTTP/1.1 200 ")) throw new IOException(name + " answers " + answer);
        return TimeSource.system().nanoTime() - start;
      }
    }

    Measurement figure(int round, String metric, int rank) {
      return new Measurement(round, name, SCENARIO, metric, took[rank] / 1e3, "us");
    }
  }
}
