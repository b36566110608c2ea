package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.vertx.Limits;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of HTTP/2 that would be two as HTTP/1.1, frame by frame. */
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmuggledHttp2Test {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /** By a reset of the stream, or the end of the connection. */
  private static final String REFUSED = "refused";

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final Proxied proxied =
      new Proxied(
          Limits.standard().optionsWithCleartextHttp2(),
          false,
          UnaryOperator.identity(),
          this::note);

  @AfterAll
  void close() {
    proxied.close();
  }

  private void note(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          seen.add(request.method() + " " + request.uri() + " " + body);
          request.response().end("ok");
        });
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) 0)
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** RFC 7541: literals without indexing, nothing compressed. */
  private static byte[] block(String lines) {
    var block = new ByteArrayOutputStream();
    for (String line : lines.split("\n", -1)) {
      int colon = line.indexOf(": ");
      block.write(0);
      literal(block, line.substring(0, colon));
      literal(block, line.substring(colon + 2).replace("<crlf>", "\r\n"));
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    block.write(text.length());
    block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The first thing that the gateway says of the stream, or of the connection. */
  private String exchange(String head, String body) throws IOException {
    seen.clear();
    try (Socket socket = proxied.connect()) {
      var out = new ByteArrayOutputStream();
      out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
      out.writeBytes(frame(HEADERS, END_HEADERS, 1, block(head)));
      out.writeBytes(frame(DATA, END_STREAM, 1, body.getBytes(StandardCharsets.ISO_8859_1)));
      socket.getOutputStream().write(out.toByteArray());
      var in = new DataInputStream(socket.getInputStream());
      while (true) {
        int first = in.read();
        if (first < 0) return REFUSED;
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        in.readInt();
        String payload = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
        if (type == RST_STREAM || type == GOAWAY) return REFUSED;
        if (type == DATA) return payload;
      }
    }
  }

  private static final String FIXED = ":method: POST\n:scheme: http\n:path: /a\n:authority: x\n";

  @ParameterizedTest
  @DisplayName("is refused, and no service sees any of it")
  @ValueSource(
      strings = {
        FIXED + "transfer-encoding: chunked",
        FIXED + "content-length: 3",
        FIXED + "content-length: 3\ncontent-length: 5",
        FIXED + "connection: keep-alive",
        FIXED + "a: b<crlf>content-length: 0",
        FIXED + "a: b<crlf><crlf>GET /x HTTP/1.1<crlf>host: x",
        FIXED + "a b: c",
        FIXED + "A: b",
        FIXED + ":path: /b",
        FIXED + "a: b\n:path: /b",
        ":method: POST\n:scheme: http\n:path: /a<crlf>x: y\n:authority: x",
        ":method: POST /x HTTP/1.1\n:scheme: http\n:path: /a\n:authority: x",
        ":method: POST\n:scheme: http\n:path: /a b\n:authority: x",
        ":method: POST\n:scheme: http\n:path: /a\n:authority: x<crlf>y: z",
        ":method: POST\n:scheme: http\n:path: /a/../b\n:authority: x",
        ":method: POST\n:scheme: http\n:path: a\n:authority: x",
      })
  void isRefused(String head) throws Exception {
    String answer = exchange(head, "hello");
    assertThat(answer).containsPattern(REFUSED + "|\"status\":40[04]");
    assertThat(seen).isEmpty();
  }

  @Test
  @DisplayName("what is in order goes through, with its length or without")
  void isFine() throws Exception {
    assertThat(exchange(FIXED + "content-length: 5", "hello")).isEqualTo("ok");
    assertThat(seen).containsExactly("POST /a hello");
    assertThat(exchange(FIXED + "a: b", "hello")).isEqualTo("ok");
    assertThat(seen).containsExactly("POST /a hello");
  }
}
