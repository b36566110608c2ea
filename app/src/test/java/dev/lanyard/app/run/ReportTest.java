package dev.lanyard.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.app.terminal.Bars;
import dev.lanyard.app.terminal.Output;
import dev.lanyard.app.terminal.Style;
import dev.lanyard.app.terminal.Window;
import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.CancelledException;
import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.tasks.Outcome;
import dev.lanyard.tasks.Sleep;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Stats;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Instant NOON = Instant.parse("2025-12-02T12:00:00Z");
  private static final Task IMAGES = task("Process Images", 1);
  private static final Task EMAILS = task("Send Emails", 3);

  private static Task task(String name, int priority) {
    return Task.of(name, Sleep.KIND, new Sleep(Duration.ofSeconds(1)))
        .withId(name.toLowerCase(java.util.Locale.ROOT).replaceAll("\\W+", "-"))
        .withPriority(priority);
  }

  private static String written(Function<Output, Report> making, Consumer<Report> telling) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Output output = new Output(out, null, () -> {})) {
      telling.accept(making.apply(output));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String text(Consumer<Report> telling) {
    return written(
        output -> new TextReport("req-20251202-143022", output, null, Style.PLAIN), telling);
  }

  private static TaskEvent finished(Task task, Outcome outcome) {
    return new TaskEvent.Finished(task, NOON, outcome, 1, Duration.ofMillis(1500));
  }

  private static Outcome cancelled() {
    CancellableContext context = Context.background().withCancel();
    context.cancel();
    if (context.err() instanceof CancelledException reason) return new Outcome.Cancelled(reason);
    throw new AssertionError();
  }

  private static Outcome timedOut() {
    if (Context.background().withTimeout(Duration.ZERO).err()
        instanceof DeadlineExceededException reason) {
      return new Outcome.TimedOut(reason);
    }
    throw new AssertionError();
  }

  private static Stats stats(long completed, long failed) {
    return new Stats(
        Map.of(State.COMPLETED, completed, State.FAILED, failed, State.TIMED_OUT, 1L),
        Duration.ofSeconds(1),
        Duration.ofMillis(1500),
        Duration.ofSeconds(2),
        2,
        0);
  }

  @Test
  void linesAreThoseOfTheGuide() {
    assertThat(
            text(report -> {
              report.on(new TaskEvent.Queued(IMAGES, NOON));
              report.on(new TaskEvent.Started(IMAGES, NOON, 1));
              report.on(new TaskEvent.Progressed(IMAGES, NOON, 50));
              report.on(finished(IMAGES, new Outcome.Completed(null)));
              report.on(finished(EMAILS, timedOut()));
              report.finished(stats(3, 0));
            }))
        .isEqualTo(
            """
            [req-20251202-143022] Starting task: Process Images (Priority: 1)
            [req-20251202-143022] ✅ Completed: Process Images
            [req-20251202-143022] ❌ Canceled: Send Emails - Reason: context deadline exceeded

            ✅ All tasks completed or canceled

            Tasks: 4 (3 completed, 1 timed out)
            Duration: min 1.0s, median 1.5s, max 2.0s
            Timeout rate: 25.0%, cancellation rate: 0.0%, retries: 2
            """);
  }

  @Test
  void failuresRetriesAndHostileTextsAreShownOnOneLineEach() {
    Task hostile = task("\033[31mred\nline", 2);
    assertThat(
            text(report -> {
              report.on(
                  new TaskEvent.Retrying(
                      EMAILS, NOON, 1, Duration.ofMillis(120), new IOException("refused\r\n")));
              report.on(new TaskEvent.Started(EMAILS, NOON, 2));
              report.on(finished(EMAILS, new Outcome.Failed(new IllegalStateException())));
              report.on(finished(hostile, cancelled()));
              report.on(new TaskEvent.Stuck(hostile, NOON, List.of()));
              report.finished(stats(2, 1));
            }))
        .startsWith(
            """
            [req-20251202-143022] 🔁 Retrying: Send Emails in 120.0ms - Reason: refused
            [req-20251202-143022] Starting task: Send Emails (Priority: 3, Attempt: 2)
            [req-20251202-143022] ❌ Failed: Send Emails - Reason: IllegalStateException
            [req-20251202-143022] ❌ Canceled: \\e[31mred\\nline - Reason: context canceled
            [req-20251202-143022] ❌ Stuck: \\e[31mred\\nline - Reason: it goes on although its context has ended

            ❌ All tasks ended, 1 of 4 failed
            """);
  }

  @Test
  void jsonHasOneObjectOnEachLine() {
    assertThat(
            written(
                output -> new JsonReport("r", output),
                report -> {
                  report.on(new TaskEvent.Started(IMAGES, NOON, 1));
                  report.on(finished(IMAGES, new Outcome.Failed(new IOException("a\nb"))));
                }))
        .isEqualTo(
            """
            {"event":"started","time":"2025-12-02T12:00:00Z","request_id":"r","id":"process-images","name":"Process Images","kind":"sleep","priority":1,"attempt":1}
            {"event":"finished","time":"2025-12-02T12:00:00Z","request_id":"r","id":"process-images","name":"Process Images","kind":"sleep","priority":1,"state":"failed","attempts":1,"duration_ms":1500.0,"reason":"a\\nb"}
            """);
  }

  @Test
  void framesReplaceEachOtherAndLinesStayAbove() {
    try (Window window = new Window()) {
      Bars bars = new Bars(window, Style.PLAIN);
      bars.on(new TaskEvent.Queued(IMAGES, NOON));
      bars.on(new TaskEvent.Started(IMAGES, NOON, 1));
      bars.on(new TaskEvent.Progressed(IMAGES, NOON, 50));
      assertThat(bars.frame("line\n"))
          .startsWith("\rline\033[K\n  Process Images  ━━━━")
          .contains(" 50%  ")
          .endsWith("  1 running, 0 waiting, 0 ended\033[J");
      bars.on(finished(IMAGES, new Outcome.Completed(null)));
      assertThat(bars.frame("")).isEqualTo("\r\033[1A\033[J");
      assertThat(bars.lastFrame("end\n")).isEqualTo("\rend\033[K\n\033[J");
    }
  }

  @Test
  void aReaderWhoHasGoneIsNoticedAndNobodyWaitsForHim() throws InterruptedException {
    CountDownLatch broken = new CountDownLatch(1);
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (Output output = new Output(gone, null, broken::countDown)) {
      String line = "x".repeat(1000);
      for (int i = 0; i < 10_000; i++) output.line(line);
      assertThat(broken.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
