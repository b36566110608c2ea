package dev.lanyard.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With real processes. */
@EnabledOnOs(OS.LINUX)
class ExecTest {
  private static final Duration STEP = Duration.ofMillis(5);

  private final Context ctx = Context.background().withTimeout(Duration.ofSeconds(40));
  private final TaskProcessor processor =
      TaskProcessor.in(ctx, s -> s.withMaxTimeout(Duration.ofSeconds(60)));

  @TempDir private Path directory;

  @AfterEach
  void close() {
    processor.close();
  }

  private TaskRef submit(Exec exec) {
    return processor.submit(Task.of("exec", Exec.KIND, exec).withTimeout(Duration.ofSeconds(30)));
  }

  private Exec.Output output(Exec exec) throws InterruptedException {
    Outcome outcome = submit(exec).await(ctx);
    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    return outcome instanceof Outcome.Completed completed
            && completed.result() instanceof Exec.Output output
        ? output
        : new Exec.Output(-1, "", 0);
  }

  @Test
  void theOutputIsTheResult() throws Exception {
    Exec.Output output =
        output(
            Exec.shell("echo $GREETING from $(basename $PWD); echo oops >&2; cat")
                .withEnvironment(Map.of("GREETING", "hello"))
                .withDirectory(directory));
    assertThat(output.text()).isEqualTo("hello from " + directory.getFileName() + "\noops\n");
    assertThat(output.cut()).isZero();
    assertThat(output(Exec.of("printf", "%s|", "a b", "c")).text()).isEqualTo("a b|c|");
  }

  @Test
  void variablesAreWithheldUnlessTheTaskNamesThem() throws Exception {
    assertThat(System.getenv()).containsKey("PATH");
    Exec all = Exec.of("/usr/bin/env");
    assertThat("\n" + output(all).text()).contains("\nPATH=");
    TaskKind<Exec> kind = Exec.kindWithout(Set.of("PATH", "HOME"));
    try (var careful = TaskProcessor.in(ctx, s -> s.withKind(kind))) {
      assertThat(printed(careful, kind, all)).contains("=").doesNotContain("\nPATH=", "\nHOME=");
      assertThat(printed(careful, kind, all.withEnvironment(Map.of("HOME", "/mine"))))
          .contains("\nHOME=/mine\n")
          .doesNotContain("\nPATH=");
    }
  }

  private String printed(TaskProcessor careful, TaskKind<Exec> kind, Exec exec)
      throws InterruptedException {
    Outcome outcome = careful.submit(Task.of("env", kind, exec)).await(ctx);
    return outcome instanceof Outcome.Completed completed
            && completed.result() instanceof Exec.Output output
        ? "\n" + output.text()
        : String.valueOf(outcome);
  }

  @Test
  void ofALongOutputTheEndIsKept() throws Exception {
    Exec.Output output = output(Exec.shell("seq 1 100000").withMaxOutputBytes(13));
    assertThat(output.text()).isEqualTo("99999\n100000\n");
    assertThat(output.cut()).isEqualTo(588895 - 13);
    assertThat(output(Exec.shell("seq 1 9").withMaxOutputBytes(0)))
        .isEqualTo(new Exec.Output(0, "", 18));
  }

  @Test
  void anExitCodeIsAFailureThatShowsTheEndOfTheOutput() throws Exception {
    var failed = (Outcome.Failed) submit(Exec.shell("echo disk full; exit 3")).await(ctx);
    assertThat(failed.failure()).hasMessage("exit code 3: disk full");
    assertThat(((Exec.ExitException) failed.failure()).output().exitCode()).isEqualTo(3);
    var missing = (Outcome.Failed) submit(Exec.of("no-such-program-here")).await(ctx);
    assertThat(missing.failure()).hasMessageContaining("no-such-program-here");
  }

  @Test
  void theWholeTreeEndsWithTheContext() throws Exception {
    Path pids = directory.resolve("pids");
    TaskRef ref =
        submit(
            Exec.shell(
                "echo $$ >> "
                    + pids
                    + "; (sleep 1000 & echo $! >> "
                    + pids
                    + "; wait) & (sleep 1000 & echo $! >> "
                    + pids
                    + ") ; sleep 1000"));
    List<ProcessHandle> processes = awaitPids(pids, 3);
    ref.cancel(null);
    assertThat(ref.await(ctx).state()).isEqualTo(State.CANCELLED);
    assertThat(processes).noneMatch(Session::isRunning);
  }

  @Test
  void whoIgnoresTermIsKilledAfterTheGrace() throws Exception {
    Path pids = directory.resolve("pids");
    TaskRef ref =
        submit(
            Exec.shell("trap '' TERM; echo $$ > " + pids + "; while :; do sleep 0.05; done")
                .withGrace(Duration.ofMillis(200)));
    List<ProcessHandle> processes = awaitPids(pids, 1);
    ref.cancel(null);
    assertThat(ref.await(ctx).state()).isEqualTo(State.CANCELLED);
    assertThat(processes).noneMatch(Session::isRunning);
  }

  @Test
  void whatTheCommandLeftInTheBackgroundEndsWithIt() throws Exception {
    Path pids = directory.resolve("pids");
    // The background process has the pipe open: reading to its end would take 1000 s.
    Exec.Output output = output(Exec.shell("sleep 1000 & echo $! > " + pids + "; echo started"));
    assertThat(output.text()).isEqualTo("started\n");
    assertThat(awaitPids(pids, 1)).noneMatch(Session::isRunning);
  }

  @Test
  void aDaemonThatKeepsThePipeOpenHoldsNobodyUp() throws Exception {
    Path pids = directory.resolve("pids");
    Exec.Output output =
        output(
            Exec.shell(
                "setsid sh -c 'echo $$ > "
                    + pids
                    + "; exec sleep 1000' & while [ ! -s "
                    + pids
                    + " ]; do sleep 0.01; done; echo started"));
    assertThat(output.text()).isEqualTo("started\n");
    awaitPids(pids, 1).forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void manyCommandsAtOnceLeaveNothingBehind() throws Exception {
    try (TaskProcessor many = TaskProcessor.in(ctx, s -> s.withWorkers(8))) {
      Task shell = Task.of("sh", Exec.KIND, Exec.shell("sleep 1000 & sleep 1000; true"));
      for (int i = 0; i < 30; i++) many.submit(shell.withId("m" + i));
      while (many.stats().count(State.RUNNING) < 8) ctx.sleep(STEP);
    }
    assertThat(ProcessHandle.current().descendants().filter(Session::isRunning))
        .noneMatch(process -> process.info().commandLine().orElse("").contains("sleep 1000; true"));
  }

  private List<ProcessHandle> awaitPids(Path file, int count) throws Exception {
    while (!Files.exists(file) || Files.readAllLines(file).size() < count) ctx.sleep(STEP);
    return Files.readAllLines(file).stream()
        .map(line -> ProcessHandle.of(Long.parseLong(line)))
        .flatMap(Optional::stream)
        .toList();
  }
}
