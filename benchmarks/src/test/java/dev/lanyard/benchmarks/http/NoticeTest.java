package dev.lanyard.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeTest {
  @ParameterizedTest
  @ValueSource(strings = {"listening 80 443", "started 7", "ended 7 123456789 client-gone"})
  void whatIsSaidIsUnderstood(String line) {
    assertThat(Notice.parse(line)).hasToString(line);
  }

  @Test
  void otherLinesAreNotNotices() {
    assertThat(Notice.parse("WARNING: something else")).isNull();
  }
}
