import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How long after its caller has left a service behind the gateway sees its connection closed, and
 * how a breaker opens and heals. The service here is a bare socket. Run: java Leaving.java JAVA
 * LANYARD_JAR
 */
final class Leaving {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final LinkedBlockingQueue<Long> closed = new LinkedBlockingQueue<>();
  private static final LinkedBlockingQueue<String> arrived = new LinkedBlockingQueue<>();
  private static volatile boolean failing;

  static void main(String[] arguments) throws Exception {
    try (var service = new ServerSocket(0, 1000, HERE)) {
      Thread.ofVirtual().start(() -> accept(service));
      Path file = Files.createTempFile("gateway", ".json");
      Files.writeString(
          file,
          "{\"listen\":\"127.0.0.1:0\",\"admin\":\"none\",\"routes\":[{\"path\":\"/\",\"upstreams\":\"http://127.0.0.1:"
              + service.getLocalPort()
              + "\",\"breaker\":{\"rest\":\"1s\",\"trials\":3}}]}");
      Process gateway =
          new ProcessBuilder(arguments[0], "-XX:+UseSerialGC", "-jar", arguments[1], "gateway", file.toString())
              .redirectErrorStream(true)
              .start();
      try {
        int port = port(gateway);
        for (String phase : new String[] {"none", "stream", "upload"}) {
          for (int i = 0; i < 50; i++) leave(port, phase);
          var millis = new double[100];
          for (int i = 0; i < millis.length; i++) millis[i] = leave(port, phase);
          Arrays.sort(millis);
          System.out.printf("%-7s median %.2f ms, p99 %.2f ms, most %.2f ms%n", phase, millis[50], millis[98], millis[99]);
        }
        timeline(port);
      } finally {
        gateway.destroy();
        gateway.waitFor();
        Files.delete(file);
      }
    }
  }

  private static int port(Process gateway) throws IOException {
    for (String line; (line = gateway.inputReader().readLine()) != null; ) {
      if (line.startsWith("Listening: ")) return Integer.parseInt(line.replaceAll(".*:(\\d+)/", "$1"));
    }
    throw new IOException("the gateway did not start");
  }

  private static void accept(ServerSocket service) {
    try {
      while (true) {
        Socket socket = service.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException over) {
      // closed
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String head;
      while (!(head = head(in)).isEmpty()) {
        if (head.contains(" /work")) {
          String status = failing ? "500 Failing" : "200 OK";
          socket.getOutputStream().write(("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nok").getBytes());
          continue;
        }
        if (head.contains(" /stream")) {
          socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\npart".getBytes());
        }
        arrived.add(head);
        while (in.read() >= 0) {}
        break;
      }
    } catch (IOException reset) {
      // as good as closed
    }
    closed.add(System.nanoTime());
  }

  private static String head(InputStream in) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) return "";
      text.append((char) c);
    }
    return text.toString();
  }

  private static double leave(int port, String phase) throws Exception {
    closed.clear();
    long left;
    try (var socket = new Socket(HERE, port)) {
      String head =
          phase.equals("upload")
              ? "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\npart"
              : "GET /" + phase + " HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(head.getBytes());
      arrived.take();
      if (phase.equals("stream")) {
        head(socket.getInputStream());
        socket.getInputStream().readNBytes(4);
      }
      left = System.nanoTime();
    }
    Long seen = closed.poll(10, TimeUnit.SECONDS);
    if (seen == null) throw new IllegalStateException("the service was not told: " + phase);
    return (seen - left) / 1e6;
  }

  /** A request each 20 ms; the service fails from 0.5 s to 2.5 s. Prints whenever the answer changes. */
  private static void timeline(int port) throws Exception {
    long begun = System.nanoTime();
    String last = "";
    int count = 0;
    while (true) {
      long millis = (System.nanoTime() - begun) / 1_000_000;
      if (millis > 6000) break;
      failing = millis > 500 && millis < 2500;
      String status;
      try (var socket = new Socket(HERE, port)) {
        socket.getOutputStream().write("GET /work HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
        status = head(socket.getInputStream()).substring(9, 12);
      }
      if (!status.equals(last)) {
        if (!last.isEmpty()) System.out.println(count + " times");
        System.out.print("at " + millis + " ms: " + status + ", ");
        count = 0;
      }
      last = status;
      count++;
      TimeUnit.MILLISECONDS.sleep(20);
    }
    System.out.println(count + " times");
  }
}
