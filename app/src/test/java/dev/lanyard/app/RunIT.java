package dev.lanyard.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged program, as a user meets it. */
class RunIT {
  @TempDir Path directory;

  private String file(String text) throws IOException {
    return Program.file(directory, "tasks.yaml", text).getFileName().toString();
  }

  @Test
  void guidesTasksRunAndOneExceedsItsDeadline() throws Exception {
    Path example = Path.of(System.getProperty("lanyard.root"), "examples", "tasks.yaml");
    try (Program program =
        Program.start(directory, "run", example.toString(), "--request-id", "req-1")) {
      assertThat(program.output())
          .contains(
              "[req-1] Starting task: Process Images (Priority: 1)\n",
              "[req-1] Starting task: Update Database (Priority: 1)\n",
              "[req-1] Starting task: Generate Report (Priority: 2)\n",
              "[req-1] Starting task: Send Emails (Priority: 3)\n",
              "[req-1] ✅ Completed: Process Images\n",
              "[req-1] ❌ Canceled: Send Emails - Reason: context deadline exceeded\n",
              "\n✅ All tasks completed or canceled\n");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void exitCodeIsZeroWhenAllCompletedAndTheDefaultRequestIdIsMadeOfTheTime() throws Exception {
    try (Program program = Program.start(directory, "run", file("- {name: A, exec: [echo, x]}"))) {
      assertThat(program.output()).containsPattern("\\[req-\\d{8}-\\d{6}] ✅ Completed: A\n");
      assertThat(program.exitCode()).isZero();
    }
  }

  @Test
  void exitCodeIsOneWhenATaskFails() throws Exception {
    try (Program program =
        Program.start(directory, "run", file("- {name: A, exec: {shell: exit 3}}"))) {
      assertThat(program.output()).contains("❌ Failed: A - Reason: ", "1 of 1 failed");
      assertThat(program.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void nothingRunsWhenTheFileIsWrong() throws Exception {
    Path witness = directory.resolve("witness");
    try (Program program =
        Program.start(
            directory,
            "run",
            file("- {name: A, exec: [touch, witness]}\n- {name: B, slep: 1s}\n- {nam: C}\n"))) {
      assertThat(program.output())
          .contains("tasks.yaml:2:13: unknown key \"slep\" in a task: did you mean \"sleep\"?\n")
          .contains("tasks.yaml:3:4: unknown key \"nam\"")
          .endsWith("problems in tasks.yaml: nothing was run\n");
      assertThat(program.exitCode()).isEqualTo(2);
      assertThat(witness).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "run,nofile.yaml,2",
    "run,.,2",
    "run,--workers=0,2",
    "run,--drain=5,2",
    "rum,x,2",
    "run,--help,0",
    "help,run,0"
  })
  void commandLineIsChecked(String first, String second, int exitCode) throws Exception {
    String[] arguments =
        second.startsWith("--") && first.equals("run") && exitCode == 2
            ? new String[] {first, second, "-"}
            : new String[] {first, second};
    try (Program program = Program.start(directory, arguments).input("")) {
      assertThat(program.output()).isNotBlank().doesNotContain("\tat ");
      assertThat(program.exitCode()).isEqualTo(exitCode);
    }
  }

  @Test
  void tasksAreReadFromStandardInputAndEventsPrintedAsJson() throws Exception {
    try (Program program =
        Program.start(directory, "run", "-", "--json", "--request-id", "r")
            .input("[{\"name\": \"A\", \"exec\": [\"echo\", \"hello\"]}]")) {
      List<String> lines = program.output().lines().toList();
      assertThat(lines).allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"));
      assertThat(lines.getFirst()).contains("\"event\":\"queued\"", "\"request_id\":\"r\"");
      assertThat(lines)
          .anyMatch(line -> line.contains("\"state\":\"completed\"") && line.contains("hello\\n"));
      assertThat(lines.getLast()).contains("\"event\":\"summary\"", "\"completed\":1");
      assertThat(program.exitCode()).isZero();
    }
  }

  @Test
  void terminateSignalCancelsTheTasksAndEndsTheirProcesses() throws Exception {
    stopsAt("TERM", 143);
  }

  @Test
  void interruptSignalDoesTheSame() throws Exception {
    assumeTrue(!interruptIsIgnored(), "this environment ignores SIGINT");
    stopsAt("INT", 130);
  }

  private void stopsAt(String signal, int exitCode) throws Exception {
    try (Program program = Program.start(directory, "run", file(TREE), "--request-id", "r")) {
      List<ProcessHandle> tree = awaitTree(program);
      program.signal(signal);
      assertThat(program.output())
          .contains(
              "\n🚨 Shutdown signal received, canceling all tasks...\n",
              "[r] ❌ Canceled: Tree - Reason: context canceled\n",
              "[r] ❌ Canceled: Sleeper - Reason: context canceled\n");
      assertThat(program.exitCode()).isEqualTo(exitCode);
      assertGone(tree);
    }
  }

  @Test
  void drainLetsRunningTasksFinishAndStartsNoOthers() throws Exception {
    String tasks =
        """
        - {name: Short, exec: {shell: "echo $$ > pid; sleep 2"}}
        - {name: Waiting, sleep: 10ms}
        """;
    try (Program program =
        Program.start(directory, "run", file(tasks), "--workers", "1", "--drain", "30s")) {
      program.awaitLine("Starting task: Short");
      program.signal("TERM");
      assertThat(program.output())
          .contains("✅ Completed: Short", "❌ Canceled: Waiting - Reason: context canceled")
          .doesNotContain("Starting task: Waiting");
      assertThat(program.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void secondSignalEndsTheProgramAtOnceAndLeavesNoProcess() throws Exception {
    try (Program program = Program.start(directory, "run", file(TREE), "--drain", "1h")) {
      List<ProcessHandle> tree = awaitTree(program);
      program.signal("TERM");
      program.awaitLine("🚨");
      program.signal("TERM");
      assertThat(program.exitCode()).isEqualTo(143);
      assertGone(tree);
    }
  }

  @Test
  void programThatIsKilledLeavesNoProcess() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only Linux has sessions to end");
    try (Program program = Program.start(directory, "run", file(TREE))) {
      List<ProcessHandle> tree = awaitTree(program);
      program.signal("KILL");
      assertThat(program.exitCode()).isEqualTo(137);
      assertGone(tree);
    }
  }

  /** A shell that ignores SIGTERM and its child; their numbers are in the file {@code pids}. */
  private static final String TREE =
      """
      - name: Sleeper
        sleep: 1h
        timeout: 5s
      - name: Tree
        exec: {shell: "trap '' TERM; sleep 600 & echo $$ $! > pids.new; mv pids.new pids; wait", grace: 200ms}
      """;

  private List<ProcessHandle> awaitTree(Program program) throws Exception {
    program.awaitLine("Starting task");
    program.awaitLine("Starting task");
    Path pids = directory.resolve("pids");
    try (var watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(pids)) watch.poll(1, TimeUnit.SECONDS);
    }
    List<ProcessHandle> tree =
        List.of(Files.readString(pids).trim().split(" ")).stream()
            .map(Long::parseLong)
            .map(ProcessHandle::of)
            .flatMap(Optional::stream)
            .toList();
    assertThat(tree).hasSize(2).allMatch(ProcessHandle::isAlive);
    return tree;
  }

  /** A process that was killed is there until the system has cleared it away. */
  private static void assertGone(List<ProcessHandle> tree) {
    for (ProcessHandle process : tree) process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static boolean interruptIsIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) return false;
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).trim(), 16) & 2) != 0);
    }
  }
}
