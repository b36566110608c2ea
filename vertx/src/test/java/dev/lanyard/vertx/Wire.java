package dev.lanyard.vertx;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;

/** A client that does to its connection what well-behaved ones never do. */
final class Wire implements AutoCloseable {
  private final Socket socket;

  /** The same, or what lies under TLS. */
  private final Socket below;

  private final InputStream in;

  Wire(Socket socket, Socket below) throws IOException {
    this.socket = socket;
    this.below = below;
    this.in = socket.getInputStream();
  }

  static Wire to(Served served) throws IOException {
    return Transport.TCP.connect(served);
  }

  Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** A request without body. */
  Wire get(String target, String... headerLines) throws IOException {
    return send(head("GET", target, headerLines));
  }

  static String head(String method, String target, String... headerLines) {
    var text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String line : headerLines) text.append(line).append("\r\n");
    return text.append("\r\n").toString();
  }

  boolean isSecured() {
    return socket != below;
  }

  InputStream in() {
    return in;
  }

  /** With a close_notify under TLS. */
  void leave() throws IOException {
    socket.close();
  }

  /** A FIN and nothing else. */
  void cut() throws IOException {
    below.close();
  }

  void reset() throws IOException {
    below.setSoLinger(true, 0);
    below.close();
  }

  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** The next response, also an interim one. */
  Answer answer() throws IOException {
    return answer(false);
  }

  /** To a HEAD request. */
  Answer answerWithoutBody() throws IOException {
    return answer(true);
  }

  private Answer answer(boolean withoutBody) throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    Map<String, List<String>> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    boolean none = withoutBody || status < 200 || status == 204 || status == 304;
    return new Answer(status, headers, none ? "" : body(headers));
  }

  private String body(Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) return chunks();
    List<String> length = headers.get("content-length");
    if (length == null) return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    return exactly(Integer.parseInt(length.getFirst()));
  }

  private String chunks() throws IOException {
    var text = new StringBuilder();
    for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) text.append(chunk);
    return text.toString();
  }

  /** The next chunk of a response whose head was read; empty at the end. */
  String chunk() throws IOException {
    String text = exactly(Integer.parseInt(line(), 16));
    var _ = line();
    return text;
  }

  private String exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) throw new EOFException("in a body");
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Up to the next line end, which is left out. */
  String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new EOFException("after '" + bytes + "'");
      if (b != '\r') bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Whether the server has closed the connection, after whatever else it sent. */
  boolean isClosedByServer() throws IOException {
    try {
      byte[] dropped = new byte[8192];
      while (in.read(dropped) >= 0) {}
      return true;
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (SocketException | SSLException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    below.close();
  }
}
