package dev.lanyard.benchmarks.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SentTest {
  @Test
  void everyRowHasATitleOfItsOwn() {
    assertThat(Leaving.ALL).extracting(Leaving::title).doesNotHaveDuplicates();
  }

  @Test
  void theNextRequestAtOnceIsASecondOne() {
    assertThat(new String(Sent.NEXT_REQUEST_AT_ONCE.first(Transport.HTTP1, 7), ISO_8859_1))
        .startsWith("GET /wait?id=7 HTTP/1.1\r\n")
        .contains("\r\n\r\nGET /hello HTTP/1.1\r\n");
  }

  @Test
  void halfOfTheBodyIsLessThanWasPromised() {
    String sent = new String(Sent.PART_OF_BODY.first(Transport.HTTP1, 7), ISO_8859_1);
    assertThat(sent).contains("Content-Length: 1000\r\n");
    assertThat(sent.substring(sent.indexOf("\r\n\r\n") + 4)).hasSize(500);
  }

  @Test
  void anUnfinishedBodyDoesNotEndItsStream() {
    assertThat(flagsOfData(Sent.PART_OF_BODY)).isZero();
    assertThat(flagsOfData(Sent.BODY_UNREAD)).isEqualTo((byte) 1);
  }

  /** The second frame; its flags are the fifth byte of its head. */
  private static byte flagsOfData(Sent sent) {
    ByteBuffer frames = ByteBuffer.wrap(sent.first(Transport.HTTP2, 7));
    int headersLength = frames.getInt(0) >>> 8;
    return frames.get(9 + headersLength + 4);
  }
}
