package dev.lanyard.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code in the guide and on the first screen of the README is that of the examples. */
class GuideTest {
  private static final List<Path> PAGES =
      Stream.of("README.md", "docs/guide.md", "docs/http.md", "docs/jdbc.md", "docs/orders.md")
          .map(Path.of("..")::resolve)
          .toList();

  /** A comment that names the file and a region of it, or its output; then the block. */
  private static final Pattern BLOCK =
      Pattern.compile(
          """
          <!-- (?<what>example|output): (?<name>[\\w/]+)\\.java(?:#(?<region>\\w+))? -->
          ```\\w+
          (?<text>.*?)```
          """,
          Pattern.DOTALL);

  record Block(String what, Example example, String region, String text) {
    static Block of(MatchResult match) {
      return new Block(
          match.group("what"),
          new Example(match.group("name")),
          Objects.requireNonNullElse(match.group("region"), "guide"),
          match.group("text"));
    }

    String original() {
      return what.equals("output") ? example.expectedOutput() : example.region(region);
    }

    @Override
    public String toString() {
      return what + " of " + example + " (" + region + ")";
    }
  }

  private static String pages() {
    var text = new StringBuilder();
    try {
      for (Path page : PAGES) text.append(Files.readString(page));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return text.toString();
  }

  static Stream<Block> blocks() {
    return BLOCK.matcher(pages()).results().map(Block::of);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void blockIsThatOfTheExample(Block block) {
    assertThat(block.text()).isEqualTo(block.original());
  }

  @Test
  void everyExampleIsShown() {
    assertThat(blocks().filter(block -> block.what().equals("example")).map(Block::example))
        .containsAll(Example.all().toList());
  }

  @Test
  void everyBlockOfJavaIsPulledFromAnExample() {
    List<String> fences = pages().lines().filter(line -> line.equals("```java")).toList();
    assertThat(blocks().filter(block -> block.what().equals("example")))
        .hasSameSizeAs(fences)
        .isNotEmpty();
  }
}
