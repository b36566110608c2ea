package dev.lanyard.durable;

import dev.lanyard.tasks.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A filter as SQL. */
final class Condition {
  private final List<String> parts = new ArrayList<>();
  private final List<@Nullable Object> values = new ArrayList<>();

  Condition(TaskFilter filter) {
    if (!filter.states().isEmpty()) {
      // As text in the statement, where planners see which part of an index it is.
      parts.add(
          filter.states().stream()
              .map(State::name)
              .sorted()
              .collect(Collectors.joining("', '", "state in ('", "')")));
    }
    equal("kind", filter.kind());
    equal("name", filter.name());
    equal("request_id", filter.request());
    equal("parent_id", filter.parent());
    equal("node", filter.node());
    below(filter.root());
    containing(filter.text());
  }

  private void equal(String column, @Nullable String value) {
    if (value != null) add(column + " = ?", value);
  }

  private void below(@Nullable String root) {
    if (root == null) return;
    add("path >= (select r.path from lanyard_task r where r.id = ?)", root);
    add(
        "path < (select substr(r.path, 1, length(r.path) - 1) || '0' from lanyard_task r where"
            + " r.id = ?)",
        root);
  }

  private void containing(@Nullable String text) {
    if (text == null || text.isEmpty()) return;
    // Both sides by the database: SQLite knows the small letters of ASCII alone.
    String pattern = "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    add(
        "(lower(id) like lower(?) escape '!' or lower(name) like lower(?) escape '!' or"
            + " lower(kind) like lower(?)"
            + " escape '!' or lower(request_id) like lower(?) escape '!')",
        pattern,
        pattern,
        pattern,
        pattern);
  }

  void add(String part, @Nullable Object... more) {
    parts.add(part);
    values.addAll(Arrays.asList(more));
  }

  /** With its {@code where}; empty if everything is let through. */
  String sql() {
    return parts.isEmpty() ? "" : " where " + String.join(" and ", parts);
  }

  List<@Nullable Object> values() {
    return values;
  }
}
