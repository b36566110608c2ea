package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.context.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An id as people type it: its beginning is enough where no other task begins so. A whole id costs
 * no question: what is asked for is asked with it, and only a 404 makes us look for its rest.
 */
final class TaskId {
  private static final int PAGE = 500;

  /** Looking further would take longer than typing two more letters. */
  private static final int PAGES = 20;

  /** So many candidates are shown. */
  private static final int SHOWN = 5;

  /** Something that is asked with a whole id. */
  interface Question<T> {
    T ask(String id) throws Failure, InterruptedException;
  }

  private TaskId() {}

  static <T> T ask(Api api, Context context, String typed, Question<T> question)
      throws Failure, InterruptedException {
    if (typed.isBlank()) throw new Failure(ExitCode.WRONG_USAGE, "expected an id, found nothing");
    try {
      return question.ask(typed);
    } catch (Failure e) {
      if (e.status() != 404) throw e;
      String id = whole(api, context, typed);
      if (id == null) throw e;
      return question.ask(id);
    }
  }

  static String path(String id) {
    return "/api/tasks/" + Query.encoded(id);
  }

  /** Null if no task begins so. */
  private static @Nullable String whole(Api api, Context context, String typed)
      throws Failure, InterruptedException {
    List<TaskFacts> found = new ArrayList<>();
    String cursor = null;
    for (int page = 0; page < PAGES; page++) {
      Fields answer =
          api.get(
              context,
              "/api/tasks"
                  + new Query().with("q", typed).with("limit", PAGE).with("cursor", cursor));
      for (Fields task : answer.objects("tasks")) {
        TaskFacts facts = new TaskFacts(task);
        if (facts.id().startsWith(typed)) found.add(facts);
      }
      cursor = answer.text("next");
      if (cursor == null || found.size() > SHOWN) break;
    }
    if (cursor == null && found.isEmpty()) return null;
    if (cursor == null && found.size() == 1) return found.getFirst().id();
    throw new Failure(ExitCode.REFUSED, ambiguous(typed, found, cursor != null));
  }

  /** {@code more} if not all tasks were looked at. */
  private static String ambiguous(String typed, List<TaskFacts> found, boolean more) {
    StringBuilder message =
        new StringBuilder(
                found.size() > 1
                    ? "more than one task begins with "
                    : "too many tasks to look through for one that begins with ")
            .append(Visible.of(typed));
    for (TaskFacts task : found.subList(0, Math.min(SHOWN, found.size()))) {
      message.append("\n  ").append(Visible.of(task.id())).append("  ").append(task.name());
    }
    if (more || found.size() > SHOWN) message.append("\n  … give more of the id");
    return message.toString();
  }
}
