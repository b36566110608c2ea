package dev.lanyard.benchmarks.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The few frames of HTTP/2 that a client needs which asks once and leaves. */
final class Frames {
  /** The stream of the only request. */
  private static final int STREAM = 1;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;

  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int CANCEL = 8;

  private Frames() {}

  /** What a client says first. */
  static byte[] preface() {
    byte[] magic = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    return join(magic, frame(SETTINGS, 0, 0, new byte[0]));
  }

  /** Reads until the server has told its settings. */
  static void awaitSettings(InputStream in) throws IOException {
    var frames = new DataInputStream(in);
    while (true) {
      int length = frames.readUnsignedShort() << 8 | frames.readUnsignedByte();
      int type = frames.readUnsignedByte();
      int flags = frames.readUnsignedByte();
      frames.readInt();
      frames.readFully(new byte[length]);
      if (type == SETTINGS && flags != ACK) return;
    }
  }

  static byte[] settingsAcknowledged() {
    return frame(SETTINGS, ACK, 0, new byte[0]);
  }

  /** A request without a body, or the beginning of one with it. */
  static byte[] headers(boolean body, boolean tls, String path) {
    // Numbers of the static table of HPACK; the path and the authority as literals that nobody
    // keeps.
    byte[] fields = {(byte) (body ? 0x83 : 0x82), (byte) (tls ? 0x87 : 0x86)};
    byte[] block = join(fields, literal(0x04, path), literal(0x01, "127.0.0.1"));
    return frame(HEADERS, END_HEADERS | (body ? 0 : END_STREAM), STREAM, block);
  }

  static byte[] data(byte[] body, boolean last) {
    return frame(DATA, last ? END_STREAM : 0, STREAM, body);
  }

  static byte[] reset() {
    return frame(RST_STREAM, 0, STREAM, ByteBuffer.allocate(4).putInt(CANCEL).array());
  }

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) length += part.length;
    ByteBuffer whole = ByteBuffer.allocate(length);
    for (byte[] part : parts) whole.put(part);
    return whole.array();
  }

  private static byte[] literal(int name, String value) {
    byte[] text = value.getBytes(US_ASCII);
    if (text.length > 126) throw new IllegalArgumentException("too long for one byte: " + value);
    return join(new byte[] {(byte) name, (byte) text.length}, text);
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return frame.array();
  }
}
