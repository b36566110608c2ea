package dev.lanyard.app.server;

import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Visible;
import dev.lanyard.app.run.Leftovers;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.SignalException;
import dev.lanyard.context.Signals;
import dev.lanyard.durable.Database;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lanyard serve}: takes tasks over HTTP and runs them, until a signal comes. */
@Command(
    name = "serve",
    description = "Takes tasks over HTTP, keeps them in a database and runs them.",
    sortOptions = false,
    footerHeading = "%nEvery option can be given as a variable LANYARD_NAME or in a file:%n",
    footer = {
      "LANYARD_MAX_TIMEOUT=10s, or a line max-timeout: 10s; an option goes first, then the",
      "environment, then the file. --print-config shows what holds and why."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped by SIGINT (Ctrl+C) or SIGTERM, everything in order",
      "1:it could not listen, or could not open its database",
      "2:the command line, the environment or the file is wrong; nothing was started",
      "130, 143:stopped at once by a second SIGINT, SIGTERM"
    })
public final class ServeCommand implements Callable<Integer> {
  private static final int NOT_STARTED = 1;
  private static final int BAD_INPUT = 2;

  @Mixin private final ServeOptions options = new ServeOptions();

  @Option(names = "--print-config", description = "Show each setting and who gave it, and end.")
  private boolean printConfig;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Override
  public Integer call() throws InterruptedException {
    Map<Setting, Given> file;
    try {
      file = ConfigurationFile.read(options.file(System::getenv));
    } catch (ConfigurationFile.Wrong wrong) {
      return refuse(wrong.lines(), BAD_INPUT);
    }
    DataDirectory data = DataDirectory.ofThisUser();
    Configuration configuration = Configuration.of(options.given(), System::getenv, file);
    var reader = new SettingsReader(configuration);
    ServeSettings settings = reader.read(data);
    if (printConfig) {
      say(FileDescriptor.out, configuration.lines(Map.of(Setting.DB, settings.db())));
    }
    if (!reader.problems().isEmpty()) return refuse(reader.problems(), BAD_INPUT);
    return printConfig ? 0 : serve(settings);
  }

  private static int refuse(List<String> lines, int exitCode) {
    say(FileDescriptor.err, lines);
    return exitCode;
  }

  private static void say(FileDescriptor where, List<String> lines) {
    try (Output output = new Output(new FileOutputStream(where), null, () -> {})) {
      lines.forEach(output::line);
    }
  }

  private static int serve(ServeSettings settings) throws InterruptedException {
    Logs.onlyOfTrouble();
    // nobody reading what it says is no reason to stop serving
    try (Leftovers _ = new Leftovers();
        CancellableContext signals = Signals.notifyContext(Context.background());
        Output output = new Output(new FileOutputStream(FileDescriptor.out), null, () -> {});
        TaskServer server = new TaskServer(settings)) {
      return serve(settings, signals, output, server);
    }
  }

  private static int serve(
      ServeSettings settings, CancellableContext signals, Output output, TaskServer server)
      throws InterruptedException {
    try {
      server.listen();
      long leftovers = server.open();
      if (leftovers > 0) {
        output.line(
            "🔧 "
                + tasks(leftovers)
                + " running when the last run broke off: back in the queue, to be run again");
      }
    } catch (TaskServer.NotStarted e) {
      return refuse(List.of("lanyard: " + Visible.of(String.valueOf(e.getMessage()))), NOT_STARTED);
    }
    output.line("Tasks: " + Visible.of(Database.shown(settings.db())));
    output.line(
        "Node: " + server.plant().processor().nodeId() + ", workers: " + settings.workers());
    output.line("Listening: http://" + server.listening() + "/");
    signals.await();
    if (!(signals.cause() instanceof SignalException)) return NOT_STARTED;
    signals.close(); // a second signal then ends the program at once
    stop(settings, server, output);
    return 0;
  }

  private static String tasks(long count) {
    return count == 1 ? "1 task was" : count + " tasks were";
  }

  private static void stop(ServeSettings settings, TaskServer server, Output output)
      throws InterruptedException {
    output.line("");
    output.line(
        "🚨 Shutdown signal received, "
            + server.plant().processor().stats().running()
            + " running here; at most "
            + Durations.show(settings.drain())
            + " for them to end");
    boolean ended = server.drain();
    server.plant().processor().close();
    long released = server.plant().processor().stats().released();
    output.line(
        ended
            ? "✅ Nothing runs here any more"
            : "❌ " + tasks(released) + " interrupted: back in the queue, to be run again");
  }
}
