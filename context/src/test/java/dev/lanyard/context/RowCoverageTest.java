package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Every row of the list of Go's behaviours has a test that names it, or stands in {@code
 * docs/from-go.md} as a deliberate difference. Writes the list to {@code target/rows.txt}.
 */
class RowCoverageTest {
  /** A display name that begins with rows, and the method or class that it belongs to. */
  private static final Pattern NAMED_TEST =
      Pattern.compile(
          "@DisplayName\\(\\s*\"rows? ([A-Z0-9][^:\"]*):(?:(?!@DisplayName).)*?"
              + "(?:\\bvoid|\\bclass)\\s+(\\w+)",
          Pattern.DOTALL);

  /** The first cell of a table row: one row, several, or a range. */
  private static final Pattern DIFFERENCE = Pattern.compile("^\\| ([A-Z]?\\d[^|]*) \\|");

  private static final Pattern RANGE =
      Pattern.compile("([A-Z]?)(\\d+)(?:\\s*[–-]\\s*[A-Z]?(\\d+))?");

  private static final Comparator<String> BY_LETTER_AND_NUMBER =
      Comparator.comparing(RowCoverageTest::letter)
          .thenComparingInt(row -> Integer.parseInt(row.substring(letter(row).length())));

  private static String letter(String row) {
    return Character.isDigit(row.charAt(0)) ? "" : row.substring(0, 1);
  }

  @Test
  @DisplayName("each row has a test or is listed as a difference")
  void everyRowIsCovered() throws IOException {
    Path repository = repository();
    Map<String, Set<String>> tests = tests(repository);
    Set<String> differences = differences(repository.resolve("docs/from-go.md"));
    List<String> wanted = wanted();

    List<String> lines = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    int tested = 0;
    for (String row : wanted) {
      List<String> evidence = new ArrayList<>(tests.getOrDefault(row, Set.of()));
      if (!evidence.isEmpty()) tested++;
      if (differences.contains(row)) evidence.add("difference: docs/from-go.md");
      if (evidence.isEmpty()) missing.add(row);
      lines.add(row + "\t" + (evidence.isEmpty() ? "MISSING" : String.join(", ", evidence)));
    }
    String summary =
        "%d rows: %d with a test, %d of them and %d others listed as differences, %d missing"
            .formatted(
                wanted.size(),
                tested,
                wanted.stream()
                    .filter(r -> differences.contains(r) && tests.containsKey(r))
                    .count(),
                wanted.stream()
                    .filter(r -> differences.contains(r) && !tests.containsKey(r))
                    .count(),
                missing.size());
    lines.add(summary);
    Path list = repository.resolve("context/target/rows.txt");
    Files.createDirectories(list.getParent());
    Files.write(list, lines);
    System.out.println(summary + "; the list is in " + repository.relativize(list));

    assertThat(missing).as("rows that no test names and no difference explains").isEmpty();
    assertThat(tests.keySet()).as("rows that tests name").allMatch(wanted::contains);
    assertThat(differences).as("rows that differ").allMatch(wanted::contains);
  }

  @Test
  @DisplayName("the forms in which rows may be named")
  void forms() {
    assertThat(rows("13")).containsExactly("13");
    assertThat(rows("13, 14")).containsExactly("13", "14");
    assertThat(rows("56–59")).containsExactly("56", "57", "58", "59");
    assertThat(rows("56-57, N2, G6–G8")).containsExactly("56", "57", "N2", "G6", "G7", "G8");
  }

  private static List<String> wanted() {
    return Stream.of(numbered("", 136), numbered("N", 7), numbered("G", 8), numbered("X", 2))
        .flatMap(rows -> rows)
        .toList();
  }

  private static Stream<String> numbered(String letter, int last) {
    return IntStream.rangeClosed(1, last).mapToObj(number -> letter + number);
  }

  private static Path repository() {
    Path at = Path.of("").toAbsolutePath();
    while (!(Files.exists(at.resolve("pom.xml")) && Files.isDirectory(at.resolve("docs")))) {
      at = Objects.requireNonNull(at.getParent(), "a folder with pom.xml and docs, here or above");
    }
    return at;
  }

  private static Map<String, Set<String>> tests(Path repository) throws IOException {
    Map<String, Set<String>> tests = new TreeMap<>(BY_LETTER_AND_NUMBER);
    for (Path source : testSources(repository)) {
      String name = source.getFileName().toString().replace(".java", "");
      Matcher named = NAMED_TEST.matcher(Files.readString(source));
      while (named.find()) {
        for (String row : rows(named.group(1))) {
          tests.computeIfAbsent(row, key -> new TreeSet<>()).add(name + "." + named.group(2));
        }
      }
    }
    return tests;
  }

  private static List<Path> testSources(Path repository) throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(repository)) {
      for (Path module : modules.sorted().toList()) {
        Path tests = module.resolve("src/test/java");
        if (!Files.isDirectory(tests)) continue;
        try (Stream<Path> files = Files.walk(tests)) {
          files
              .filter(file -> file.toString().endsWith("Test.java"))
              .sorted()
              .forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static Set<String> differences(Path page) throws IOException {
    var differences = new TreeSet<>(BY_LETTER_AND_NUMBER);
    for (String line : Files.readAllLines(page)) {
      Matcher row = DIFFERENCE.matcher(line);
      if (row.find()) differences.addAll(rows(row.group(1)));
    }
    return differences;
  }

  /** {@code 13}, {@code 13, 14}, {@code 56–59}, {@code N2}. */
  private static List<String> rows(String named) {
    Map<String, Boolean> rows = new LinkedHashMap<>();
    for (String part : named.split(",", -1)) {
      Matcher range = RANGE.matcher(part.strip());
      assertThat(range.matches()).as("'%s' names rows", named).isTrue();
      int first = Integer.parseInt(range.group(2));
      int last = range.group(3) == null ? first : Integer.parseInt(range.group(3));
      for (int number = first; number <= last; number++) rows.put(range.group(1) + number, true);
    }
    return List.copyOf(rows.keySet());
  }
}
