package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real signals, sent to a real program in a JVM of its own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill to send a signal with")
@Execution(ExecutionMode.SAME_THREAD) // one JVM after the other is load enough
class SignalsTest {
  private static final String BY_TERM =
      "CancelledException: context canceled <- TERM 143 terminated signal received";
  private static final String BY_INT =
      "CancelledException: context canceled <- INT 130 interrupt signal received";
  private static final String BY_NOTHING = "CancelledException: context canceled <- nothing";

  /** A {@link SignalProgram}. */
  private static final class Program implements AutoCloseable {
    private final Process process;
    private final Writer commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Thread reader;

    /**
     * With the signals that were ignored here, as in the background job of a script, back at work.
     */
    static Program start(String... jvmArguments) throws Exception {
      boolean resets = run("env", "--default-signal", "true") == 0;
      return new Program(
          resets ? List.of("env", "--default-signal") : List.of(), List.of(jvmArguments));
    }

    static Program ignoring(String signals) throws Exception {
      return new Program(
          List.of("sh", "-c", "trap '' " + signals + "; exec \"$@\"", "sh"), List.of());
    }

    private Program(List<String> prefix, List<String> jvmArguments) throws Exception {
      var line = new ArrayList<>(prefix);
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      line.addAll(jvmArguments);
      line.addAll(
          List.of(
              "-cp",
              directory(Signals.class)
                  + System.getProperty("path.separator")
                  + directory(SignalProgram.class),
              SignalProgram.class.getName()));
      process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      commands = process.outputWriter();
      reader = Thread.ofVirtual().start(this::read);
      assertThat(nextLine()).isEqualTo("READY");
    }

    private void read() {
      try {
        process.inputReader().lines().forEach(answers::add);
      } catch (UncheckedIOException closed) {
        // the program was killed at the end of a test
      }
    }

    /** Where a class comes from; the tests may run inside the module that they test. */
    private static String directory(Class<?> type) throws Exception {
      URL url = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"));
      Path file = Path.of(URI.create(url.toString()));
      int depth = type.getName().split("\\.").length;
      return file.getRoot().resolve(file.subpath(0, file.getNameCount() - depth)).toString();
    }

    String ask(String command) throws Exception {
      commands.write(command + "\n");
      commands.flush();
      return nextLine();
    }

    void tell(String command) throws Exception {
      assertThat(ask(command)).isEqualTo("ok");
    }

    String nextLine() throws Exception {
      String line = answers.poll(20, TimeUnit.SECONDS);
      return line == null ? "no answer" : line;
    }

    void signal(String name) throws Exception {
      assertThat(run("sh", "-c", "kill -" + name + " " + process.pid())).isZero();
    }

    int exitCode() throws Exception {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the program has ended").isTrue();
      return process.exitValue();
    }

    /** What it said that nobody has read. */
    List<String> lastLines() throws Exception {
      assertThat(reader.join(Duration.ofSeconds(20))).isTrue();
      return List.copyOf(answers);
    }

    /** It ended as a JVM does that listens to no signals. */
    void assertEndedAsUsual(int code) throws Exception {
      assertThat(exitCode()).isEqualTo(code);
      assertThat(lastLines()).containsExactly("hook");
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException absent) {
      return 127;
    }
  }

  @Test
  @DisplayName("row N1: any of its signals ends the context, and so do its close and its parent")
  void aSignalEndsTheContext() throws Exception {
    try (var program = Program.start()) {
      program.tell("open byTerm root INT TERM");
      assertThat(program.ask("end byTerm")).isEqualTo("live");
      program.signal("TERM");
      assertThat(program.ask("await byTerm")).isEqualTo(BY_TERM);
      program.tell("close byTerm");
      program.tell("open byInt root SIGINT SIGTERM");
      program.signal("INT");
      assertThat(program.ask("await byInt")).isEqualTo(BY_INT);
      program.tell("close byInt");
      program.tell("open byHup root INT TERM HUP");
      program.signal("HUP");
      assertThat(program.ask("await byHup")).contains("<- HUP 129 hangup signal received");
      program.tell("close byHup");
      program.tell("open byClose root INT TERM");
      program.tell("close byClose");
      assertThat(program.ask("end byClose")).isEqualTo(BY_NOTHING);
      program.tell("open byParent root INT TERM");
      program.tell("cancel root");
      assertThat(program.ask("end byParent")).isEqualTo(BY_NOTHING);
    }
  }

  @Test
  @DisplayName("row N1: one signal ends every context that listens to it")
  void aSignalEndsEveryContext() throws Exception {
    try (var program = Program.start()) {
      program.tell("open one root TERM");
      program.tell("open below one INT TERM");
      program.tell("open other root HUP TERM");
      program.tell("open deaf root HUP");
      program.signal("TERM");
      assertThat(program.ask("await one")).isEqualTo(BY_TERM);
      assertThat(program.ask("await below")).isEqualTo(BY_TERM);
      assertThat(program.ask("await other")).isEqualTo(BY_TERM);
      assertThat(program.ask("end deaf")).isEqualTo("live");
      program.tell("close one");
      program.tell("close below");
      program.signal("TERM"); // one of them is still open
      assertThat(program.exitCode()).isEqualTo(143);
      assertThat(program.lastLines()).isEmpty();
    }
  }

  @Test
  @DisplayName("row N2: a second signal ends the process at once, whichever of the context's it is")
  void aSecondSignalEndsTheProcess() throws Exception {
    try (var program = Program.start()) {
      program.tell("open a root INT TERM");
      program.signal("INT");
      assertThat(program.ask("await a")).isEqualTo(BY_INT);
      program.signal("TERM");
      assertThat(program.exitCode()).isEqualTo(143);
      assertThat(program.lastLines()).as("no hook has run").isEmpty();
    }
    try (var program = Program.start()) {
      program.tell("open a root INT TERM");
      program.signal("TERM");
      assertThat(program.ask("await a")).isEqualTo(BY_TERM);
      program.signal("INT");
      assertThat(program.exitCode()).isEqualTo(130);
      assertThat(program.lastLines()).as("no hook has run").isEmpty();
    }
  }

  @Test
  @DisplayName("row N3: close restores the handlers from before, by any number of threads")
  void closeRestores() throws Exception {
    try (var program = Program.start()) {
      program.tell("open a root INT TERM");
      program.tell("closeByMany a");
      assertThat(program.ask("listeners root")).isEqualTo("listeners 0");
      program.signal("TERM");
      program.assertEndedAsUsual(143);
    }
    try (var program = Program.start()) {
      program.tell("open a root TERM");
      program.signal("TERM");
      assertThat(program.ask("await a")).isEqualTo(BY_TERM);
      program.tell("closeByMany a");
      program.tell("close a");
      program.signal("TERM");
      program.assertEndedAsUsual(143);
    }
  }

  @Test
  @DisplayName("row N3: close leaves alone what others have installed")
  void closeRespectsOthers() throws Exception {
    try (var program = Program.start()) {
      program.tell("handle USR1");
      program.tell("open a root USR1");
      program.signal("USR1");
      assertThat(program.ask("await a")).endsWith("user defined signal 1 signal received");
      program.tell("close a");
      program.signal("USR1");
      assertThat(program.nextLine()).isEqualTo("handled USR1");
      program.tell("open b root USR1");
      program.tell("handle USR1");
      program.tell("close b");
      program.signal("USR1");
      assertThat(program.nextLine()).isEqualTo("handled USR1");
    }
  }

  @Test
  @DisplayName("row N3: a signal that comes while the last context is closed is not lost")
  void noSignalIsLostAroundAClose() throws Exception {
    try (var program = Program.start()) {
      program.tell("handle USR1");
      program.tell("churn USR1");
      for (int i = 0; i < 200; i++) {
        program.signal("USR1");
        assertThat(program.nextLine()).isIn("handled USR1", "ended USR1");
      }
      assertThat(program.ask("end root")).as("one answer to each").isEqualTo("live");
    }
  }

  @Test
  @DisplayName("row N4: the end of the parent, before or after, restores the handlers too")
  void theParentsEndRestores() throws Exception {
    for (String order : new String[] {"open first", "cancel first"}) {
      try (var program = Program.start()) {
        if (order.equals("cancel first")) program.tell("cancel root");
        program.tell("open a root INT TERM");
        if (order.equals("open first")) program.tell("cancel root");
        assertThat(program.ask("end a")).isEqualTo(BY_NOTHING);
        program.signal("TERM");
        program.assertEndedAsUsual(143);
      }
    }
  }

  @Test
  @DisplayName("row N5: an ignored signal is heard again, except those that the JVM leaves ignored")
  void ignoredSignals() throws Exception {
    try (var program = Program.ignoring("USR1 INT TERM")) {
      program.tell("open a root INT TERM USR1");
      program.signal("INT");
      program.signal("TERM");
      program.signal("USR1");
      assertThat(program.ask("await a")).contains("<- USR1 ");
      assertThat(program.ask("end root")).as("no second signal was heard").isEqualTo("live");
    }
  }

  @Test
  @DisplayName("row N6: the cause is a CancelledException that names the signal")
  void theCauseNamesTheSignal() {
    var cause = new SignalException("TERM", "terminated", 15);
    assertThat(cause)
        .isInstanceOf(CancelledException.class)
        .hasMessage("terminated signal received");
    assertThat(cause.signal()).isEqualTo("TERM");
    assertThat(cause.exitCode()).isEqualTo(143);
    assertThat(cause.isTimeout()).isFalse();
  }

  @Test
  @DisplayName("row N7: a context prints its signals around its parent")
  void prints() {
    var root = Context.background();
    try (var context = Signals.notifyContext(root.withCancel(), "HUP", "INT", "TERM")) {
      assertThat(context)
          .hasToString(
              "signal.NotifyContext(context.Background.WithCancel, [hangup interrupt terminated])");
      assertThat(context.withCancel()).hasToString(context + ".WithCancel");
    }
    try (var context = Signals.notifyContext(root)) {
      assertThat(context)
          .hasToString("signal.NotifyContext(context.Background, [interrupt terminated])");
    }
  }

  @Test
  void whatCannotBeListenedToIsRefused() {
    try (var parent = Context.background().withCancel()) {
      assertThatThrownBy(() -> Signals.notifyContext(parent, "USR1", "NOSUCH"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("NOSUCH");
      assertThatThrownBy(() -> Signals.notifyContext(parent, "QUIT"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("QUIT");
      assertThatThrownBy(() -> Signals.notifyContext(parent, new String[0]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(((Scope) parent).listeners()).isZero();
    }
    assertThatThrownBy(() -> Signals.notifyContext(absent()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("cannot create a context from a null parent");
  }

  @SuppressWarnings("NullAway")
  private static Context absent() {
    @Nullable Context none = null;
    return none;
  }

  @Test
  void withoutSignalsTheShutdownOfTheJvmEndsTheContext() throws Exception {
    String byShutdown =
        "CancelledException: context canceled <- CancelledException the program is shutting down";
    try (var program = Program.start("--limit-modules", "java.base")) {
      program.tell("open a root INT TERM");
      program.tell("closeAtEnd a");
      program.signal("TERM");
      assertThat(program.exitCode()).isEqualTo(143);
      assertThat(program.lastLines()).containsExactlyInAnyOrder("hook", byShutdown);
    }
    try (var program = Program.start("-Xrs")) {
      program.tell("open closed root INT TERM");
      program.tell("close closed");
      program.tell("open a root INT TERM");
      program.tell("closeAtEnd a");
      assertThat(program.ask("exit 3")).isIn("hook", byShutdown);
      assertThat(program.exitCode()).isEqualTo(3);
      assertThat(program.lastLines()).hasSize(1);
    }
  }

  @Test
  void theShutdownOfTheJvmWaitsForTheCloseOnlySoLong() throws Exception {
    try (var program = Program.start("-Xrs")) {
      program.tell("open neverClosed root TERM");
      assertThat(program.ask("exit 3")).isEqualTo("hook");
      assertThat(program.exitCode()).isEqualTo(3);
    }
  }
}
