package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of tasks as SQL. A cursor is what the order looks at in the last task of a page: pages do
 * not shift when tasks come and go.
 */
final class Listing {
  private final Condition condition;
  private final String orderBy;
  private final int limit;

  Listing(TaskFilter filter, TaskOrder order, @Nullable String cursor, int limit) {
    this.limit = limit;
    condition = new Condition(filter);
    boolean allEnded =
        !filter.states().isEmpty() && filter.states().stream().allMatch(State::isTerminal);
    // Where all have ended, the index over the ends can be used as it is.
    String finished = allEnded ? "finished_at" : "coalesce(finished_at, 0)";
    if (order == TaskOrder.FINISHED && allEnded) condition.add("finished_at is not null");
    orderBy =
        switch (order) {
          case NEWEST -> "created_at desc, id desc";
          case URGENT -> "priority, run_at, id";
          case DUE -> "run_at, id";
          case FINISHED -> finished + " desc, id desc";
        };
    if (cursor == null) return;
    String[] parts = cursor.split("~", -1);
    try {
      if (!parts[0].equals(order.name())) throw new IllegalArgumentException();
      switch (order) {
        case NEWEST -> condition.add("(created_at, id) < (?, ?)", Long.valueOf(parts[1]), parts[2]);
        case URGENT ->
            condition.add(
                "(priority, run_at, id) > (?, ?, ?)",
                Integer.valueOf(parts[1]),
                Long.valueOf(parts[2]),
                parts[3]);
        case DUE -> condition.add("(run_at, id) > (?, ?)", Long.valueOf(parts[1]), parts[2]);
        case FINISHED ->
            condition.add("(" + finished + ", id) < (?, ?)", Long.valueOf(parts[1]), parts[2]);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException notOurs) {
      throw new IllegalArgumentException(
          "\"" + cursor + "\" is no cursor of a list in the order " + order, notOurs);
    }
  }

  /** No id has this letter in it. */
  static String cursor(TaskOrder order, StoredTask last) {
    return switch (order) {
      case NEWEST -> order + "~" + millis(last.createdAt()) + "~" + last.id();
      case URGENT -> order + "~" + last.priority() + "~" + millis(last.runAt()) + "~" + last.id();
      case DUE -> order + "~" + millis(last.runAt()) + "~" + last.id();
      case FINISHED ->
          order
              + "~"
              + millis(Objects.requireNonNullElse(last.finishedAt(), Instant.EPOCH))
              + "~"
              + last.id();
    };
  }

  private static long millis(Instant instant) {
    return instant.toEpochMilli();
  }

  String sql() {
    return "select "
        + Rows.BRIEF
        + " from lanyard_task"
        + condition.sql()
        + " order by "
        + orderBy
        + " limit ?";
  }

  @Nullable Object[] values() {
    List<@Nullable Object> values = new ArrayList<>(condition.values());
    values.add(limit);
    return values.toArray();
  }
}
