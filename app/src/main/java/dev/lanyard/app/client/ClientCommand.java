package dev.lanyard.app.client;

import dev.lanyard.app.input.DurationConverter;
import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.SignalException;
import dev.lanyard.context.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that speak to a server have in common: its address, errors, exit codes. */
@Command(
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a task that was waited for did not complete",
      "2:the command line or the file is wrong; nothing was asked",
      "3:the server is not reachable, or did not answer in time",
      "4:the server refused (not found, not allowed, not possible, not the only one)",
      "5:the server failed",
      "130, 143:stopped by SIGINT (Ctrl+C), SIGTERM"
    })
abstract class ClientCommand implements Callable<Integer> {

  @Option(
      names = "--json",
      order = 90,
      description = "Print JSON, one object on each line, for programs.")
  boolean json;

  @Option(
      names = "--server",
      order = 91,
      paramLabel = "URL",
      description =
          "Where the server is (default: LANYARD_SERVER, or " + ServerAddress.USUAL + ").")
  private @Nullable String server;

  @Option(
      names = "--token-file",
      order = 92,
      paramLabel = "FILE",
      description = "Holds the token of the server (default: the token in LANYARD_TOKEN).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--timeout",
      order = 93,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "10s",
      description = "How long an answer may take (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(
      names = "--no-color",
      order = 94,
      description = "No colors; NO_COLOR in the environment does the same.")
  private boolean noColor;

  @Option(
      names = {"-h", "--help"},
      order = 95,
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Spec private @Nullable CommandSpec spec;

  Surroundings surroundings = Surroundings.ofProcess();

  /** What a command works with while it runs. */
  record Session(
      Context context, Api api, Output out, Output err, Style style, Surroundings around) {
    Session in(Context other) {
      return new Session(other, api, out, err, style, around);
    }

    void line(String line) {
      out.line(line);
    }

    void json(Object value) {
      out.line(Json.write(value));
    }
  }

  /** Asks the server and shows what it said. */
  abstract int run(Session session) throws Failure, InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    try (CancellableContext signals = Signals.notifyContext(Context.background());
        CancellableContext work = signals.withCancel();
        Output err = new Output(surroundings.err(), null, () -> {});
        Output out = new Output(surroundings.out(), null, work::cancel)) {
      try {
        return asked(work, out, err);
      } catch (Failure e) {
        tell(e, err);
        return e.exitCode().number();
      } catch (ContextException e) {
        if (signals.cause() instanceof SignalException signal) return signal.exitCode();
        return ExitCode.DONE.number(); // nobody reads the output any more
      }
    } finally {
      surroundings.window().close();
    }
  }

  private int asked(Context work, Output out, Output err) throws Failure, InterruptedException {
    Map<String, String> environment = surroundings.environment();
    if (!timeout.isPositive()) throw wrongUsage("--timeout: expected more than zero, found 0");
    try (Api api =
        new Api(
            ServerAddress.server(server, environment),
            ServerAddress.token(tokenFile, environment),
            timeout)) {
      return run(new Session(work, api, out, err, surroundings.style(noColor), surroundings));
    }
  }

  /** Programs get the problem as the server wrote it. */
  void tell(Failure failure, Output err) {
    if (json && !failure.problem().map().isEmpty()) {
      Map<Object, Object> problem = new LinkedHashMap<>(failure.problem().map());
      problem.putIfAbsent("detail", failure.message());
      err.line(Json.write(problem));
      return;
    }
    String prefix = failure.isAboutFile() ? "" : "lanyard: ";
    (prefix + failure.message()).lines().forEach(err::line);
    for (Fields wrong : failure.problem().objects("errors")) {
      String where = wrong.text("where", "");
      err.line(
          "  "
              + (where.isEmpty() ? "" : Visible.of(where) + ": ")
              + Visible.of(wrong.text("message", "")));
    }
  }

  ParameterException wrongUsage(String message) {
    CommandSpec command = spec;
    if (command == null) throw new IllegalStateException(message);
    return new ParameterException(command.commandLine(), message);
  }

  CommandSpec spec() {
    CommandSpec command = spec;
    if (command == null) throw new IllegalStateException("not made by the command line");
    return command;
  }
}
