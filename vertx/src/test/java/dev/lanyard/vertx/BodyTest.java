package dev.lanyard.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.http.RequestEnd;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies both ways: whole, too large, unread, slow, broken off. */
class BodyTest {
  private static final Limits STANDARD = Limits.standard();

  private static Served counting(Limits limits) {
    return new Served(
        limits,
        router ->
            router
                .post("/")
                .handler(
                    Blocking.on((ctx, routing) -> {
                      byte[] body = RequestBody.of(ctx, routing).readAllBytes();
                      routing.end(body.length + " " + digest(body));
                    })));
  }

  private static String digest(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 3_000_000})
  @DisplayName("a body arrives whole, however long, and the connection serves the next request")
  void whole(int length) throws Exception {
    byte[] body = random(length);
    try (Served served = counting(STANDARD.withReadAhead(10_000));
        Wire wire = Wire.to(served)) {
      for (int i = 0; i < 2; i++) {
        wire.send(Wire.head("POST", "/", "Content-Length: " + length)).send(body);
        assertThat(wire.answer().body()).isEqualTo(length + " " + digest(body));
      }
      assertThat(served.nextCompleted().bytesRead()).isEqualTo(length);
    }
  }

  @Test
  @DisplayName("body: one byte more than allowed is 413, as many as allowed are read")
  void tooLarge() throws Exception {
    try (Served served = counting(STANDARD.withBody(1000));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 1000")).send(random(1000));
      assertThat(wire.answer().status()).isEqualTo(200);
      wire.send(Wire.head("POST", "/", "Content-Length: 1001")).send(random(1001));
      assertThat(wire.answer().status()).isEqualTo(413);
    }
  }

  @Test
  @DisplayName("body: a chunked one is measured as it comes")
  void tooLargeInChunks() throws Exception {
    try (Served served = counting(STANDARD.withBody(1000));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Transfer-Encoding: chunked"));
      for (int i = 0; i < 11; i++) wire.send("64\r\n").send(random(100)).send("\r\n");
      assertThat(wire.answer().status()).isEqualTo(413);
      assertThat(served.nextCompleted().cause()).isInstanceOf(RequestEnd.Finished.class);
    }
  }

  @Test
  @DisplayName("body: one that says that it is too large is 413 before a byte of it has come")
  void saysThatItIsTooLarge() throws Exception {
    try (Served served = counting(STANDARD.withBody(1000).withRead(Duration.ofSeconds(1)));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 1000000000", "Expect: 100-continue"));
      assertThat(wire.answer().status()).isEqualTo(413);
      assertThat(wire.isClosedByServer()).as("nobody waits for the rest").isTrue();
    }
  }

  @Test
  @DisplayName(
      "body: a client that goes on sending is read for a while, gets its answer, and is cut")
  void endlessUpload() throws Exception {
    try (Served served = counting(STANDARD.withBody(1000));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Transfer-Encoding: chunked"));
      var sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 100_000; i++) {
                    wire.send("2710\r\n").send(new byte[10_000]).send("\r\n");
                  }
                } catch (IOException cut) {
                  // what the test waits for
                }
              });
      assertThat(wire.answer().status()).isEqualTo(413);
      assertThat(sender.join(Served.PATIENCE)).isTrue();
      served.awaitUnderWay(0);
    }
  }

  @Test
  @DisplayName("a small body that nobody reads costs no connection")
  void unread() throws Exception {
    try (var served =
            new Served(router ->
                router.post("/").handler(Blocking.on((ctx, routing) -> routing.end("no need"))));
        Wire wire = Wire.to(served)) {
      for (int i = 0; i < 3; i++) {
        wire.send(Wire.head("POST", "/", "Content-Length: 200000")).send(random(200_000));
        assertThat(wire.answer().body()).isEqualTo("no need");
      }
      served.awaitUnderWay(0);
      assertThat(served.requests.counts().finished()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("Expect: the client is asked for its body when somebody reads it, and once")
  void asked() throws Exception {
    try (Served served = counting(STANDARD);
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 5", "Expect: 100-continue"));
      assertThat(wire.answer().status()).isEqualTo(100);
      wire.send("hello");
      assertThat(wire.answer().body()).startsWith("5 ");
    }
  }

  @Test
  @DisplayName("Expect: the client is not asked for a body that nobody reads")
  void notAsked() throws Exception {
    try (var served =
            new Served(router ->
                router.post("/").handler(Blocking.on((ctx, routing) -> routing.end("no need"))));
        Wire wire = Wire.to(served)) {
      wire.send(Wire.head("POST", "/", "Content-Length: 5", "Expect: 100-continue"));
      Answer answer = wire.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("no need");
    }
  }

  @Test
  @DisplayName("readAhead: a client that sends faster than it is read is held back")
  void heldBack() throws Exception {
    var read = new CountDownLatch(1);
    try (var served =
            new Served(
                STANDARD.withReadAhead(10_000).withBody(100_000_000),
                router ->
                    router
                        .post("/")
                        .handler(
                            Blocking.on((ctx, routing) -> {
                              var body = RequestBody.of(ctx, routing);
                              body.read();
                              read.await();
                              assertThat(body.available()).isLessThan(200_000);
                              routing.end(Integer.toString(1 + body.readAllBytes().length));
                            })));
        Wire wire = Wire.to(served)) {
      int length = 30_000_000;
      wire.send(Wire.head("POST", "/", "Content-Length: " + length));
      var sender =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  wire.send(new byte[length]);
                } catch (IOException failure) {
                  throw new AssertionError(failure);
                }
              });
      assertThat(sender.join(Duration.ofMillis(300))).as("all sent").isFalse();
      read.countDown();
      assertThat(wire.answer().body()).isEqualTo(Integer.toString(length));
      assertThat(sender.join(Served.PATIENCE)).isTrue();
    }
  }

  @Test
  @DisplayName("a response is written at the pace at which it is read, and arrives whole")
  void pace() throws Exception {
    byte[] content = random(10_000_000);
    var written = new CountDownLatch(1);
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          routing
                              .response()
                              .putHeader("Content-Length", Integer.toString(content.length));
                          try (var body = ResponseBody.of(ctx, routing)) {
                            body.write(content);
                            written.countDown();
                          }
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      while (!wire.line().isEmpty()) {}
      assertThat(written.await(300, TimeUnit.MILLISECONDS)).as("all written").isFalse();
      assertThat(digest(wire.in().readNBytes(content.length))).isEqualTo(digest(content));
      assertThat(served.nextCompleted().bytesWritten()).isEqualTo(content.length);
    }
  }

  @Test
  @DisplayName(
      "a handler that fails in the middle of a response does not end it as if it were whole")
  void failsInTheMiddle() throws Exception {
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          try (var body = ResponseBody.of(ctx, routing)) {
                            body.write(new byte[20_000]);
                            throw new IllegalStateException("no more rows");
                          }
                        })));
        Wire wire = Wire.to(served)) {
      wire.get("/");
      assertThatThrownBy(wire::answer).isInstanceOfAny(EOFException.class, SocketException.class);
    }
  }

  @Test
  @DisplayName("a handler that fails before a byte was sent is answered for")
  void failsBeforeTheFirstPiece() throws Exception {
    try (var served =
            new Served(router ->
                router
                    .get("/")
                    .handler(
                        Blocking.on((ctx, routing) -> {
                          try (var body = ResponseBody.of(ctx, routing)) {
                            body.write(new byte[200]);
                            throw new IllegalStateException("no rows");
                          }
                        })));
        Wire wire = Wire.to(served)) {
      Answer answer = wire.get("/").answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
  }
}
