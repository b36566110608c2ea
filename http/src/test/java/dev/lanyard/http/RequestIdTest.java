package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "req-20251202-143022",
        "f058ebd6-02f7-4d3f-942e-904344e8cde5",
        "Root=1-67891233-abcdef012345678912345678",
        "AZaz09-_.:/+=@~",
        "YWJjZGVmZ2g=",
      })
  void ordinaryIdsAreTaken(String id) {
    assertThat(RequestId.clean(id)).isSameAs(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        " a",
        "a\t",
        "a\r\nX-Evil: 1",
        "a\u0000",
        "a\u001b[31m",
        "a\u007f",
        "\u00fc",
        "\uff11",
        "\u202e",
        "a,b",
        "a;b",
        "a\"b",
        "a'b",
        "a`b",
        "a\\b",
        "a%0ab",
        "<script>",
        "${jndi:ldap://x}",
        "a|b",
        "a&b",
        "[a]",
        "a*",
        "a?",
        "a#",
        "a!",
      })
  void hostileIdsAreRefused(String id) {
    assertThat(RequestId.clean(id)).isNull();
  }

  @Test
  void longIdsAndNoIdAreRefused() {
    assertThat(RequestId.clean(null)).isNull();
    assertThat(RequestId.clean("a".repeat(128))).hasSize(128);
    assertThat(RequestId.clean("a".repeat(129))).isNull();
  }

  @Test
  void newIdsAreCleanAndOfOneLength() {
    for (int i = 0; i < 1_000; i++) {
      String id = RequestId.next();
      assertThat(id).matches("[0-9a-hjkmnp-tv-z]{21}");
      assertThat(RequestId.clean(id)).isEqualTo(id);
    }
  }

  @Test
  void newIdsOfSeveralThreadsAreDifferent() throws InterruptedException {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    var threads = new Thread[8];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          Thread.startVirtualThread(() -> {
            for (int i = 0; i < 10_000; i++) ids.add(RequestId.next());
          });
    }
    for (Thread thread : threads) thread.join();
    assertThat(ids).hasSize(80_000);
  }

  @Test
  void newIdsSortByTime() {
    long[] millis = {0, 1, 31, 32, 1_763_662_000_000L, 1_763_662_000_001L, (1L << 45) - 1};
    for (int i = 1; i < millis.length; i++) {
      assertThat(RequestId.at(millis[i - 1])).isLessThan(RequestId.at(millis[i]));
    }
  }
}
