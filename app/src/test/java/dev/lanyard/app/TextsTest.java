package dev.lanyard.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Nearest;
import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Columns;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How words, durations and columns are read and shown. */
class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "250ms, 250",
    "2s, 2000",
    "1.5s, 1500",
    "1m30s, 90000",
    "1h, 3600000",
    "1h1ms, 3600001",
    "0s, 0"
  })
  void durationsAreRead(String text, long millis) {
    assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "1x",
        "1s1m",
        "1s1s",
        "-1s",
        "1 s",
        "1..5s",
        ".5s",
        "1s ",
        "٣s",
        "1e3s",
        "99999999h"
      })
  void whatIsNoDurationIsRefused(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"59960, 1m0s", "999, 999.0ms", "1049, 1.0s", "61000, 1m1s", "3661000, 1h1m1s"})
  void durationsAreShownRounded(long millis, String shown) {
    assertThat(Durations.show(Duration.ofMillis(millis))).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5s", "1m30s", "250ms", "1h1ms", "7us"})
  void exactDurationsCanBeReadAgain(String text) {
    assertThat(Durations.exact(Durations.parse(text).orElseThrow())).isEqualTo(text);
  }

  @Test
  void whatCouldHarmATerminalIsEscaped() {
    assertThat(Visible.of("a\033[2J\r\n\t\u0007\u009b\u202e\u2028\ud800b"))
        .isEqualTo("a\\e[2J\\r\\n\\t\\x07\\x9b\\u{202e}\\u{2028}\\u{d800}b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ünïcödé", "日本語", "👩‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ok"})
  void harmlessTextStaysAsItIs(String text) {
    assertThat(Visible.of(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({"timout, timeout", "tmieout, timeout", "pirority, priority", "retry, retries"})
  void misspeltWordsAreRecognised(String word, String meant) {
    assertThat(Nearest.to(word, List.of("retries", "timeout", "priority", "id"))).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zzz", "xx", "background"})
  void otherWordsAreNotGuessed(String word) {
    assertThat(Nearest.to(word, List.of("retries", "timeout", "priority", "id"))).isNull();
  }

  @Test
  void textIsCutToColumns() {
    assertThat(Columns.cut("日本語テキスト", 7)).isEqualTo("日本語…");
    assertThat(Columns.cut("abc", 3)).isEqualTo("abc");
    assertThat(Columns.pad("日本", 6)).isEqualTo("日本  ");
  }
}
