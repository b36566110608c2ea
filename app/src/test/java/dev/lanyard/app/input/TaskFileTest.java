package dev.lanyard.app.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.tasks.Exec;
import dev.lanyard.tasks.Http;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.Sleep;
import dev.lanyard.tasks.Task;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskFileTest {
  private static final Duration CAP = Duration.ofSeconds(5);

  private static List<Task> read(String text) {
    Problems problems = new Problems("f");
    List<Task> tasks = TaskFile.read(new Source("f", text, Source.Format.EITHER), CAP, problems);
    assertThat(problems.none()).as(() -> String.join("\n", problems.lines())).isTrue();
    return tasks;
  }

  private static List<String> problems(String text) {
    Problems problems = new Problems("f");
    TaskFile.read(new Source("f", text, Source.Format.EITHER), CAP, problems);
    List<String> lines = problems.lines();
    return lines.subList(0, lines.size() - 1);
  }

  @Test
  void everyKeyOfATaskIsUnderstood() {
    List<Task> tasks =
        read(
            """
            defaults: {timeout: 3s, retries: 1, priority: 2}
            tasks:
              - name: Process Images
                priority: 1
                sleep: 2s
              - name: Fetch
                id: f.1
                http: {url: "http://127.0.0.1:8080/x", method: post, headers: {A: b}, body: "..", expect: [200..202, 404]}
                timeout: 2s
                retries: {attempts: 3, base: 100ms, cap: 2s}
              - name: Build
                exec: {command: [make, 5], env: {N: 1}, dir: /tmp, max-output: 64KiB, grace: 1s}
                parent: Fetch
                critical: true
              - name: List
                exec: [make, all]
                parent: f.1
                retries: 0
            """);
    assertThat(tasks)
        .containsExactly(
            new Task(
                "process-images",
                "Process Images",
                "sleep",
                new Sleep(Duration.ofSeconds(2)),
                1,
                Duration.ofSeconds(3),
                Retry.attempts(2),
                null,
                false),
            new Task(
                "f.1",
                "Fetch",
                "http",
                Http.get(URI.create("http://127.0.0.1:8080/x"))
                    .withMethod("POST")
                    .withHeaders(Map.of("A", "b"))
                    .withBody("..")
                    .withExpected(Set.of(200, 201, 202, 404)),
                2,
                Duration.ofSeconds(2),
                new Retry(3, Duration.ofMillis(100), Duration.ofSeconds(2)),
                null,
                false),
            new Task(
                "build",
                "Build",
                "exec",
                Exec.of("make", "5")
                    .withEnvironment(Map.of("N", "1"))
                    .withDirectory(Path.of("/tmp"))
                    .withMaxOutputBytes(64 * 1024)
                    .withGrace(Duration.ofSeconds(1)),
                2,
                Duration.ofSeconds(3),
                Retry.attempts(2),
                "f.1",
                true),
            new Task(
                "list",
                "List",
                "exec",
                Exec.of("make", "all"),
                2,
                Duration.ofSeconds(3),
                Retry.none(),
                "f.1",
                false));
  }

  @Test
  void jsonSaysTheSameAsYaml() {
    assertThat(read("{\"tasks\": [{\"name\": \"A\", \"exec\": {\"shell\": \"ls | wc\"}}]}"))
        .isEqualTo(read("- name: A\n  exec: {shell: ls | wc}\n"));
  }

  @Test
  void flowStyleYamlIsNotMistakenForJson() {
    assertThat(read("[{name: A, sleep: 0}]")).hasSize(1);
  }

  @Test
  void aliasStandsForItsAnchor() {
    List<Task> tasks =
        read("- {name: A, exec: &e [a, b]}\n- {name: B, exec: *e}\n- {name: C, sleep: 1ms}\n");
    assertThat(tasks.get(1).payload()).isEqualTo(Exec.of("a", "b"));
  }

  @Test
  void parentsComeBeforeTheirChildrenAndOthersStayInOrder() {
    assertThat(
            read(
                """
                - {name: child, sleep: 0, parent: middle}
                - {name: other, sleep: 0}
                - {name: middle, sleep: 0, parent: top}
                - {name: top, sleep: 0}
                """))
        .extracting(Task::name)
        .containsExactly("top", "middle", "child", "other");
  }

  @Test
  void derivedIdsAreUnique() {
    assertThat(
            read(
                """
                - {name: A b, sleep: 0}
                - {name: a-B, sleep: 0}
                - {name: x, id: a-b-2, sleep: 0}
                - {name: ÄÖ, sleep: 0}
                """))
        .extracting(Task::id)
        .containsExactly("a-b", "a-b-3", "a-b-2", "task-4");
  }

  @Test
  void everythingThatIsWrongIsReportedAtOnce() {
    assertThat(
            problems(
                """
                defaults: {timeout: soon, retry: 3}
                task: []
                tasks:
                  - name: A
                    timout: 3s
                    sleep: 5
                  - name: A
                    sleep: 1s
                    exec: [a]
                    priority: 0
                  - sleep: 1s
                  - name: C
                    http: {url: "ftp://x", expect: 299..200, headers: {"a b": c, D: "e\\nf"}}
                    timeout: 10s
                  - name: D
                    parent: Cc
                  - name: E
                    parent: F
                    exec: {command: [a], shell: b, max-output: big}
                  - name: F
                    parent: E
                    sleep: -1s
                    critical: maybe
                  - just text
                  - name:
                    exec: []
                    retries: {base: 3s, cap: 1s, attempts: 2}
                  - name: G
                    name: H
                    sleep: 1s
                    <<: {a: b}
                    id: has space
                """))
        .containsExactly(
            "f:1:21: \"timeout\": expected a duration such as 250ms, 2s or 1m30s, found \"soon\"",
            "f:1:27: unknown key \"retry\" in the defaults: did you mean \"retries\"?",
            "f:2:1: unknown key \"task\" in a task file: did you mean \"tasks\"?",
            "f:5:5: unknown key \"timout\" in a task: did you mean \"timeout\"?",
            "f:6:12: \"sleep\": expected a duration such as 250ms, 2s or 1m30s, found 5 without a unit",
            "f:7:5: \"name\": expected another one, found \"A\", which the task on line 4 has",
            "f:9:5: expected one of sleep, exec, http, found sleep and exec",
            "f:10:15: \"priority\": expected a whole number, 1 or more, found 0",
            "f:11:5: expected a \"name\" for this task, found none",
            "f:13:17: \"url\": expected a URL such as http://127.0.0.1:8080/path, found \"ftp://x\"",
            "f:13:36: \"expect\": expected a range from the lower to the higher status, found \"299..200\"",
            "f:13:56: expected the name of a header, found \"a b\"",
            "f:13:69: \"D\": expected a header on one line, found \"e\\nf\"",
            "f:14:14: \"timeout\": expected at most 5s, found 10s: the limit can be raised with --max-timeout 10s",
            "f:15:5: expected something to do: one of sleep, exec, http, found none",
            "f:16:13: \"parent\": expected the id or name of a task in this file (did you mean \"C\"?), found \"Cc\"",
            "f:18:5: \"parent\": expected no circle, found E → F → E",
            "f:19:26: \"exec\": expected either \"command\" or \"shell\", found both",
            "f:19:48: \"max-output\": expected a size up to 1GiB such as 65536, 64KiB or 1MiB, found \"big\"",
            "f:22:12: \"sleep\": expected a duration such as 250ms, 2s or 1m30s, found \"-1s\"",
            "f:23:15: \"critical\": expected true or false, found \"maybe\"",
            "f:24:5: expected a task: a mapping with a name and one of sleep, exec, http, found \"just text\"",
            "f:25:10: \"name\": expected a text, found nothing",
            "f:26:11: \"exec\": expected a list of texts, found an empty list",
            "f:27:30: \"cap\": expected no less than \"base\", which is 3s, found \"1s\"",
            "f:29:5: \"name\" stands here twice, first on line 28",
            "f:31:5: merge keys are not supported: use \"defaults\"",
            "f:32:9: \"id\": expected 1 to 64 letters, digits and any of . _ : - without spaces, found \"has space\"");
  }

  @Test
  void syntaxErrorDoesNotHideTheMistakesBeforeIt() {
    assertThat(problems("tasks:\n  - name: A\n    slep: 1s\n  - name: B\n    sleep: \"1s\n"))
        .containsExactly(
            "f:2:5: expected something to do: one of sleep, exec, http, found none",
            "f:3:5: unknown key \"slep\" in a task: did you mean \"sleep\"?",
            "f:6:1: not valid YAML: found unexpected end of stream"
                + " (while scanning a quoted scalar from line 5)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                       | f:1:1: expected tasks, found an empty file
          `tasks: []`              | f:1:8: expected at least one task, found an empty list
          `tasks: 5`               | f:1:8: "tasks": expected a list of tasks, found 5
          `{}`                     | f:1:1: expected "tasks", found none
          `hello`                  | f:1:1: expected "tasks" with a list, or a list of tasks, found "hello"
          `- {name: A, sleep: *x}` | f:1:20: expected an anchor &x before this alias, found none
          `[{"name": "A" "b"`     | f:1:15: not valid JSON: Unexpected character ('"' (code 34)): was expecting comma to separate Object entries
          """)
  void smallMistakesHaveTheirPlace(String text, String problem) {
    assertThat(problems(text)).contains(problem);
  }

  @Test
  void secondDocumentIsRefused() {
    assertThat(problems("- {name: A, sleep: 0}\n---\n- {name: B, sleep: 0}\n"))
        .containsExactly("f:3:1: expected the end of the file, found a second document");
  }

  @Test
  void deepNestingIsRefusedAndNotFollowed() {
    assertThat(problems("[".repeat(400))).anyMatch(line -> line.contains("levels deep"));
  }

  @Test
  void aTaskThatIsItsOwnParentIsACircle() {
    assertThat(problems("- {name: A, sleep: 0, parent: A}"))
        .containsExactly("f:1:23: \"parent\": expected no circle, found A → A");
  }

  @Test
  void aHundredThousandTasksAreRead() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100_000; i++)
      text.append("- {name: Job ").append(i).append(", sleep: 0}\n");
    assertThat(read(text.toString())).hasSize(100_000);
  }

  @Test
  void hostileNamesAreShownEscaped() {
    assertThat(problems("- {name: \"\\e[31mred\\a\", sleep: 0, parent: \"\\e[2J\"}"))
        .singleElement()
        .asString()
        .contains("\\e[2J")
        .doesNotContain("\033");
  }
}
