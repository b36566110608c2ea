package dev.lanyard.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  private static final Set<String> IDIOMS =
      Set.of("ConditionWokenOnCancel", "ConnectionPoisoned", "TwoContextsMerged");

  static Stream<Example> features() {
    return Example.all().filter(example -> !IDIOMS.contains(example.name()));
  }

  static Stream<Example> idioms() {
    return IDIOMS.stream().sorted().map(Example::new);
  }

  @ParameterizedTest
  @MethodSource("features")
  void printsWhatItSays(Example example) throws IOException, InterruptedException {
    assertThat(example.output()).isEqualTo(example.expectedOutput()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("idioms")
  @DisplayName("row 93: the idioms of Go's examples of AfterFunc can be said")
  void idiomsOfGo(Example example) throws IOException, InterruptedException {
    assertThat(example.output()).isEqualTo(example.expectedOutput()).isNotEmpty();
  }
}
