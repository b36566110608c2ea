package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code lanyard stats}: how many tasks there are in which state, and how fast it goes. */
@Command(name = "stats", description = "Counts the tasks by state; says how fast it goes.")
public final class StatsCommand extends ClientCommand {
  @Override
  int run(Session session) throws Failure, InterruptedException {
    Fields stats = session.api().get(session.context(), "/api/stats");
    if (json) session.json(stats.map());
    else lines(stats, session.style()).forEach(session::line);
    return ExitCode.DONE.number();
  }

  private static List<String> lines(Fields stats, Style style) {
    List<String> lines = new ArrayList<>();
    Fields states = stats.object("states");
    for (String state : States.ALL) {
      long count = states.number(state, 0);
      String label = state + " ".repeat(11 - state.length());
      String shown =
          count == 0
              ? style.faint(label)
              : TaskFacts.paint(state, style) + label.substring(state.length());
      lines.add(String.format(Locale.ROOT, "%s%9d", shown, count));
    }
    lines.add("");
    lines.add(
        "slots      "
            + stats.number("running", 0)
            + " of "
            + stats.number("slots", 0)
            + " busy"
            + (stats.flag("paused") ? style.bad(", paused (lanyard resume)") : ""));
    Number oldest = stats.number("oldestPendingMs");
    if (oldest != null) {
      lines.add("oldest     waits " + Moments.rough(Duration.ofMillis(oldest.longValue())));
    }
    lines.add("throughput " + throughput(stats));
    lines.add("duration   " + latency(stats));
    lines.add(
        "server     "
            + Visible.of(stats.text("version", "?"))
            + ", "
            + Visible.of(stats.text("store", "?"))
            + ", node "
            + Visible.of(stats.text("node", "?")));
    return lines;
  }

  static String throughput(Fields stats) {
    Fields rates = stats.object("throughput");
    return rate(rates, "submitted") + "/s in, " + rate(rates, "finished") + "/s out";
  }

  private static String rate(Fields rates, String name) {
    Number rate = rates.number(name);
    return String.format(Locale.ROOT, "%.1f", rate == null ? 0 : rate.doubleValue());
  }

  static String latency(Fields stats) {
    Fields latency = stats.object("latency");
    return "p50 "
        + milliseconds(latency.number("p50Ms"))
        + ", p95 "
        + milliseconds(latency.number("p95Ms"))
        + ", p99 "
        + milliseconds(latency.number("p99Ms"));
  }

  private static String milliseconds(@Nullable Number value) {
    return value == null ? "–" : Moments.brief(Duration.ofMillis(value.longValue()));
  }
}
