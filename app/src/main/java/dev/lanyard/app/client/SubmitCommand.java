package dev.lanyard.app.client;

import dev.lanyard.app.input.DurationConverter;
import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Visible;
import dev.lanyard.context.Context;
import dev.lanyard.http.RequestId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lanyard submit}: hands tasks to the server. */
@Command(
    name = "submit",
    customSynopsis = {
      "lanyard submit [OPTIONS] FILE",
      "       lanyard submit [OPTIONS] --sleep TIME | --http URL",
      "       lanyard submit [OPTIONS] -- COMMAND ARG..."
    },
    description = {
      "Hands tasks to the server: those of a file, or one that is described here.",
      "With --wait it follows them to their end, and Ctrl+C cancels them: the tasks are bound to "
          + "the request, so the server cancels them as soon as the command is gone, whatever the "
          + "reason."
    })
public final class SubmitCommand extends ClientCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Tasks in YAML or JSON; - for standard input. Behind --: a command to run.")
  private List<String> words = new ArrayList<>();

  @ArgGroup(validate = false, heading = "%nOne task without a file:%n", order = 20)
  private TaskDraft draft = new TaskDraft();

  @Option(
      names = {"-w", "--wait"},
      order = 1,
      arity = "0..1",
      fallbackValue = Wait.LONGEST,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Follow the tasks until they have ended, or so long; those that have not go on then "
              + "(default: a day).")
  private @Nullable Duration wait;

  @Option(
      names = "--idempotency-key",
      order = 2,
      paramLabel = "KEY",
      description = "Submitting again with the same key within a day gives the first answer.")
  private @Nullable String idempotencyKey;

  @Option(
      names = "--at",
      order = 3,
      paramLabel = "MOMENT",
      description = "Not before, such as 2026-12-24T18:00:00Z; without Z it is your own time.")
  private @Nullable String at;

  @Option(
      names = "--delay",
      order = 4,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Not before so much time has passed.")
  private @Nullable Duration delay;

  @Option(
      names = "--unique",
      order = 5,
      paramLabel = "KEY",
      description = "Refused while another task with this key has not ended.")
  private @Nullable String unique;

  @Option(
      names = "--request-id",
      order = 6,
      paramLabel = "ID",
      description = "By which the tasks can be found again (default: a new one).")
  private @Nullable String requestId;

  @Option(
      names = {"-q", "--quiet"},
      order = 7,
      description = "Print the ids and nothing else.")
  private boolean quiet;

  @Override
  int run(Session session) throws Failure, InterruptedException {
    if (requestId != null && RequestId.clean(requestId) == null) {
      throw wrongUsage("--request-id: expected letters, digits and -_.:/+=@~");
    }
    String request = requestId != null ? requestId : RequestId.next();
    Session within = session.in(session.context().withValue(RequestId.KEY, request));
    List<String> command = command();
    if (words.size() - command.size() > 1) {
      throw wrongUsage("expected one file, found " + words.size() + "; a command stands behind --");
    }
    if (words.size() > command.size()) return file(within, request, words.getFirst(), command);
    if (!draft.isGiven() && command.isEmpty()) {
      throw wrongUsage("expected a FILE, --sleep, --http or -- COMMAND, found nothing");
    }
    Object body = with(draft.task(command, this), session.around());
    return submit(within, request, body);
  }

  private int file(Session session, String request, String file, List<String> command)
      throws Failure, InterruptedException {
    if (draft.isGiven() || !command.isEmpty()) {
      throw wrongUsage("expected either a file or a task described here, found both");
    }
    TaskDocument document = TaskDocument.read(file);
    try {
      return submit(session, request, with(document.body(), session.around()));
    } catch (Failure e) {
      throw json ? e : document.placed(e);
    }
  }

  /** What stands behind {@code --}: picocli drops that mark, so it is looked for again. */
  private List<String> command() {
    List<String> typed = spec().commandLine().getParseResult().originalArgs();
    int mark = typed.indexOf("--");
    if (mark < 0) return List.of();
    int count = Math.min(words.size(), typed.size() - mark - 1);
    return List.copyOf(words.subList(words.size() - count, words.size()));
  }

  /** What is said here holds for each task that does not say it itself. */
  private Object with(Object body, Surroundings around) {
    Map<String, Object> more = new LinkedHashMap<>();
    if (at != null) more.put("at", moment(at, around).toString());
    if (delay != null) more.put("delay", Durations.exact(delay));
    if (unique != null) more.put("unique", unique);
    if (more.isEmpty() || !(body instanceof Map<?, ?> fields)) return body;
    if (!(fields.get("tasks") instanceof List<?> tasks)) return merged(fields, more);
    if (unique != null && tasks.size() > 1) {
      throw wrongUsage("--unique: expected one task, found " + tasks.size());
    }
    Map<Object, @Nullable Object> whole = new LinkedHashMap<>(fields);
    whole.put(
        "tasks",
        tasks.stream()
            .map(task -> task instanceof Map<?, ?> each ? merged(each, more) : task)
            .toList());
    return whole;
  }

  private static Map<Object, @Nullable Object> merged(Map<?, ?> task, Map<String, Object> more) {
    Map<Object, @Nullable Object> merged = new LinkedHashMap<>(task);
    more.forEach(merged::putIfAbsent);
    return merged;
  }

  private Instant moment(String text, Surroundings around) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      // Perhaps without a zone.
    }
    try {
      return LocalDateTime.parse(text.replace(' ', 'T')).atZone(around.zone()).toInstant();
    } catch (DateTimeException _) {
      throw wrongUsage(
          "--at: expected a moment such as 2026-12-24T18:00:00Z, found " + Visible.of(text));
    }
  }

  private int submit(Session session, String request, Object body)
      throws Failure, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (idempotencyKey != null) headers.put("Idempotency-Key", key(idempotencyKey));
    Duration time = wait;
    if (time != null && !time.isPositive()) {
      throw wrongUsage("--wait: expected more than zero, found 0");
    }
    if (time != null) {
      return new Wait(session, request, time, json, quiet).submit(body, headers);
    }
    Context context = session.context();
    Fields answer =
        session.api().postWaiting(context, "/api/tasks", body, headers, Duration.ZERO).fields();
    show(session, answer, json, quiet);
    return ExitCode.DONE.number();
  }

  private String key(String key) {
    boolean clean = !key.isBlank() && key.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    if (!clean) throw wrongUsage("--idempotency-key: expected printable ASCII");
    return key;
  }

  static void show(Session session, Fields answer, boolean json, boolean quiet) {
    TaskTable table = new TaskTable(session.style(), session.around().now());
    for (Fields task : answer.objects("tasks")) {
      if (json) session.json(task.map());
      else if (quiet) session.line(task.text("id", ""));
      else table.row(new TaskFacts(task));
    }
    if (!json && !quiet) table.lines(session.around()).forEach(session::line);
  }
}
