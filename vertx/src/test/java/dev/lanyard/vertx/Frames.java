package dev.lanyard.vertx;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/2 that writes its frames one by one, so that it can stop anywhere. */
final class Frames implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;

  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final Wire wire;

  /** One that has come from the server. */
  record Frame(int type, int flags, int stream, String payload) {
    boolean isLast() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }
  }

  private Frames(Wire wire) {
    this.wire = wire;
  }

  static Frames on(Wire wire) throws IOException {
    var frames = new Frames(wire);
    wire.send(PREFACE);
    frames.write(SETTINGS, 0, 0, new byte[0]);
    return frames;
  }

  Wire wire() {
    return wire;
  }

  Frames get(int stream, String path) throws IOException {
    return write(HEADERS, END_HEADERS | END_STREAM, stream, block("GET", path));
  }

  /** A request whose body follows. */
  Frames post(int stream, String path) throws IOException {
    return write(HEADERS, END_HEADERS, stream, block("POST", path));
  }

  Frames data(int stream, int length, boolean last) throws IOException {
    return write(DATA, last ? END_STREAM : 0, stream, new byte[length]);
  }

  Frames cancel(int stream) throws IOException {
    return write(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
  }

  Frames goAway() throws IOException {
    return write(GOAWAY, 0, 0, new byte[8]);
  }

  private Frames write(int type, int flags, int stream, byte[] payload) throws IOException {
    var frame =
        ByteBuffer.allocate(9 + payload.length)
            .put((byte) (payload.length >> 16))
            .putShort((short) payload.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(payload);
    wire.send(frame.array());
    return this;
  }

  /** RFC 7541: literals without indexing under names of the static table, nothing compressed. */
  private byte[] block(String method, String path) {
    var block = new ByteArrayOutputStream();
    literal(block, 2, method);
    literal(block, 6, wire.isSecured() ? "https" : "http");
    literal(block, 4, path);
    literal(block, 1, "localhost");
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  /** The next frame that says something about a stream or the end of the connection. */
  Frame next() throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
        write(SETTINGS, ACK, 0, new byte[0]);
      } else if (frame.type == GOAWAY || frame.stream != 0) {
        return frame;
      }
    }
  }

  /** The next frame of a type on a stream, whatever comes before. */
  Frame next(int type, int stream) throws IOException {
    while (true) {
      Frame frame = next();
      if (frame.type == type && frame.stream == stream) return frame;
    }
  }

  /** What a stream still has to say, up to its end. */
  String body(int stream) throws IOException {
    var text = new StringBuilder();
    while (true) {
      Frame frame = next();
      if (frame.stream != stream) continue;
      if (frame.type == DATA) text.append(frame.payload);
      if (frame.type == RST_STREAM) throw new EOFException("the stream was reset");
      if (frame.isLast()) return text.toString();
    }
  }

  private Frame read() throws IOException {
    var head = ByteBuffer.wrap(exactly(9));
    int length = ((head.get() & 0xff) << 16) | (head.getShort() & 0xffff);
    int type = head.get();
    int flags = head.get();
    int stream = head.getInt();
    return new Frame(type, flags, stream, new String(exactly(length), StandardCharsets.UTF_8));
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = wire.in().readNBytes(length);
    if (bytes.length < length) throw new EOFException("between frames");
    return bytes;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
