package dev.lanyard.app.run;

import dev.lanyard.app.input.DurationConverter;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Source;
import dev.lanyard.app.input.TaskFile;
import dev.lanyard.app.terminal.Bars;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.app.terminal.Window;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import dev.lanyard.context.Registration;
import dev.lanyard.context.SignalException;
import dev.lanyard.context.Signals;
import dev.lanyard.context.TimeSource;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Stats;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskProcessor;
import dev.lanyard.tasks.TaskRef;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanyard run FILE}: runs the tasks of a file and says how each of them ended. */
@Command(
    name = "run",
    description = "Runs the tasks of a file, the most urgent first.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every task completed",
      "1:some did not",
      "2:the file or the command line is wrong; nothing was run",
      "3:no JDK 25, or no Maven for the first build",
      "130, 143:stopped by SIGINT (Ctrl+C), SIGTERM"
    })
public final class RunCommand implements Callable<Integer> {
  private static final int SOME_DID_NOT = 1;
  private static final int BAD_INPUT = 2;

  @Parameters(paramLabel = "FILE", description = "Tasks in YAML or JSON; - for standard input.")
  private String file = "";

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many tasks run at once (default: ${DEFAULT-VALUE}).")
  private int workers = 3;

  @Option(
      names = "--max-timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "5s",
      description = "No task may ask for a longer timeout (default: ${DEFAULT-VALUE}).")
  private Duration maxTimeout = Task.DEFAULT_TIMEOUT;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "0s",
      description =
          "After a signal, let running tasks go on for so long before they are canceled "
              + "(default: ${DEFAULT-VALUE}).")
  private Duration drain = Duration.ZERO;

  @Option(names = "--json", description = "Print one JSON object on each line, for programs.")
  private boolean json;

  @Option(
      names = "--no-color",
      description = "No colors; NO_COLOR in the environment does the same.")
  private boolean noColor;

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description =
          "Stands on every line and in the context of every task (default: made of the time).")
  private @Nullable String requestId;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    checkOptions();
    List<Task> tasks;
    try {
      Source source = Source.read(file);
      Problems problems = new Problems(source.name());
      tasks = TaskFile.read(source, maxTimeout, problems);
      if (!problems.none()) return refuse(problems.lines());
    } catch (Source.Unreadable e) {
      return refuse(List.of(String.valueOf(e.getMessage())));
    }
    return run(tasks);
  }

  private void checkOptions() {
    CommandSpec command = spec;
    if (command == null) return;
    if (workers < 1) {
      throw new ParameterException(
          command.commandLine(), "--workers: expected 1 or more, found " + workers);
    }
    if (!maxTimeout.isPositive()) {
      throw new ParameterException(
          command.commandLine(), "--max-timeout: expected more than zero, found 0");
    }
  }

  private static int refuse(List<String> lines) {
    try (Output output = new Output(new FileOutputStream(FileDescriptor.err), null, () -> {})) {
      lines.forEach(output::line);
    }
    return BAD_INPUT;
  }

  private int run(List<Task> tasks) throws InterruptedException {
    String id = requestId != null ? requestId : newRequestId();
    Context request = Context.background().withValue(TaskProcessor.REQUEST_ID, id);
    boolean live = !json && Window.isThere();
    Style style = live && !noColor && !noColorWanted() ? Style.COLOURED : Style.PLAIN;
    try (Window window = new Window();
        CancellableContext work = request.withCancel()) {
      Bars bars = live ? new Bars(window, style) : null;
      try (Output output =
          new Output(new FileOutputStream(FileDescriptor.out), bars, work::cancel)) {
        Report report = json ? new JsonReport(id, output) : new TextReport(id, output, bars, style);
        return run(tasks, work, report);
      }
    }
  }

  private int run(List<Task> tasks, CancellableContext work, Report report)
      throws InterruptedException {
    try (Leftovers _ = new Leftovers();
        CancellableContext signals = Signals.notifyContext(Context.background());
        TaskProcessor processor =
            TaskProcessor.in(
                work,
                settings ->
                    settings
                        .withWorkers(workers)
                        .withMaxTimeout(maxTimeout)
                        .withListener(report::on))) {
      List<TaskRef> refs = processor.submitAll(tasks);
      Registration stop = signals.afterFunc(() -> stop(signals, processor, refs, work, report));
      processor.drain(Deadline.NONE);
      boolean stopped = !stop.stop() && signals.cause() instanceof SignalException;
      Stats stats = processor.stats();
      report.finished(stats);
      if (stopped && signals.cause() instanceof SignalException signal) return signal.exitCode();
      return stats.count(State.COMPLETED) == stats.finished() ? 0 : SOME_DID_NOT;
    }
  }

  private void stop(
      CancellableContext signals,
      TaskProcessor processor,
      List<TaskRef> refs,
      CancellableContext work,
      Report report) {
    if (!(signals.cause() instanceof SignalException signal)) return;
    // Gives the signals back to the JVM: a second one then ends the program at once, and yet runs
    // the
    // shutdown hook that ends the commands.
    signals.close();
    report.stopping(signal);
    if (drain.isPositive()) {
      // The least urgent first: a worker that gets free meanwhile then finds what is cancelled
      // last.
      for (TaskRef ref : refs.reversed()) {
        if (ref.state() == State.PENDING) ref.cancel(signal);
      }
      try {
        processor.drain(Deadline.after(drain));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt(); // nobody interrupts this thread; if so, stop at once
      }
    }
    work.cancel(signal);
  }

  private static boolean noColorWanted() {
    String value = System.getenv("NO_COLOR");
    return value != null && !value.isEmpty();
  }

  private static String newRequestId() {
    return DateTimeFormatter.ofPattern("'req-'yyyyMMdd-HHmmss")
        .format(TimeSource.system().instant().atZone(ZoneId.systemDefault()));
  }
}
