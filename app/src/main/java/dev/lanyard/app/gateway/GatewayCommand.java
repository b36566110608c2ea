package dev.lanyard.app.gateway;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.input.DurationConverter;
import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Source;
import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.SignalException;
import dev.lanyard.context.Signals;
import dev.lanyard.gateway.Route;
import dev.lanyard.vertx.AccessLog;
import dev.lanyard.vertx.ShutdownReport;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanyard gateway FILE}: a reverse proxy until a signal comes. */
@Command(
    name = "gateway",
    description = "Puts deadlines and circuit breakers before services.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:it could not listen",
      "2:the file or the command line is wrong; nothing was run",
      "130, 143:stopped by SIGINT (Ctrl+C), SIGTERM"
    })
public final class GatewayCommand implements Callable<Integer> {
  private static final int NOT_STARTED = 1;
  private static final int BAD_INPUT = 2;

  @Parameters(paramLabel = "FILE", description = "Routes in YAML or JSON; - for standard input.")
  private String file = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = Address.Converter.class,
      description = "Where clients come in (default: what the file says, or 127.0.0.1:8080).")
  private @Nullable Address listen;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      converter = Address.Converter.class,
      description =
          "Where state and metrics are shown (default: what the file says, or 127.0.0.1:8081).")
  private @Nullable Address admin;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      defaultValue = "10s",
      description =
          "After a signal, let requests go on for so long before they are cut off "
              + "(default: ${DEFAULT-VALUE}).")
  private Duration drain = Duration.ZERO;

  @Option(names = "--access-log", description = "Print a line for each request.")
  private boolean accessLog;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Override
  public Integer call() throws InterruptedException {
    GatewayFile.Plan plan;
    try {
      Source source = Source.read(file);
      Problems problems = new Problems(source.name());
      plan = GatewayFile.read(source, problems);
      if (plan == null || !problems.none()) return refuse(problems.lines(), BAD_INPUT);
    } catch (Source.Unreadable e) {
      return refuse(List.of(String.valueOf(e.getMessage())), BAD_INPUT);
    }
    return run(plan.withListen(listen).withAdmin(admin));
  }

  private static int refuse(List<String> lines, int exitCode) {
    try (Output output = new Output(new FileOutputStream(FileDescriptor.err), null, () -> {})) {
      lines.forEach(output::line);
    }
    return exitCode;
  }

  private int run(GatewayFile.Plan plan) throws InterruptedException {
    try (CancellableContext signals = Signals.notifyContext(Context.background());
        AccessLog log = accessLog ? AccessLog.to(standardOutput()) : null;
        GatewayServer server = new GatewayServer(plan, log)) {
      try {
        server.start();
      } catch (GatewayServer.NotStarted e) {
        return refuse(
            List.of("lanyard: " + Visible.of(String.valueOf(e.getMessage()))), NOT_STARTED);
      }
      return run(plan, signals, server);
    }
  }

  private static BufferedWriter standardOutput() {
    return new BufferedWriter(
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
  }

  private int run(GatewayFile.Plan plan, CancellableContext signals, GatewayServer server)
      throws InterruptedException {
    // nobody reading what it says is no reason to stop serving
    try (Output output = new Output(new FileOutputStream(FileDescriptor.out), null, () -> {})) {
      for (Route route : plan.routes()) output.line(describe(route));
      Address shown = server.admin();
      if (shown != null) output.line("State and metrics: http://" + shown + "/");
      String scheme = plan.tls() == null ? "http" : "https";
      output.line("Listening: " + scheme + "://" + server.listening() + "/");
      signals.await();
      if (!(signals.cause() instanceof SignalException signal)) return NOT_STARTED;
      signals.close(); // a second signal then ends the program at once
      output.line("");
      output.line("🚨 Shutdown signal received, " + server.underWay() + " requests under way");
      ShutdownReport report = server.shutdown(drain);
      for (ShutdownReport.Cut cut : report.cut()) output.line(describe(cut));
      output.line(
          report.cut().isEmpty()
              ? "✅ All requests finished"
              : "❌ " + report.cut().size() + " cut off after " + Durations.show(drain));
      return signal.exitCode();
    }
  }

  private static String describe(Route route) {
    String upstreams =
        route.upstreams().stream().map(URI::toString).collect(Collectors.joining(", "));
    Duration limit = route.timeout();
    String host = route.host() == null ? "" : route.host();
    return Visible.of(host + route.path())
        + " → "
        + Visible.of(upstreams)
        + " ("
        + (limit == null ? "no timeout" : "timeout " + Durations.exact(limit))
        + (route.retries() == 0 ? "" : ", retries " + route.retries())
        + (route.breaker() == null ? ", no breaker" : "")
        + ")";
  }

  private static String describe(ShutdownReport.Cut cut) {
    return "❌ Cut off: "
        + Visible.of(cut.method() + " " + cut.target())
        + " after "
        + Durations.show(cut.age())
        + " ["
        + cut.requestId()
        + "]";
  }
}
