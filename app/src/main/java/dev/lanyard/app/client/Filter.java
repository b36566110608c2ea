package dev.lanyard.app.client;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which tasks a command for many is about. */
final class Filter {
  private static final List<String> KEYS = List.of("state", "kind", "name", "request", "root");

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "KEY=VALUE",
      description =
          "All tasks with state=A,B, kind=, name=, request= or root=; given twice, both must fit.")
  private Map<String, String> values = new LinkedHashMap<>();

  @Option(names = "--all", description = "All tasks, without any filter.")
  private boolean all;

  @Option(names = "--dry-run", description = "Only say how many tasks that would be.")
  private boolean dryRun;

  boolean isGiven() {
    return all || !values.isEmpty();
  }

  boolean isDryRun() {
    return dryRun;
  }

  void check(ClientCommand command, boolean ids) {
    if (ids == isGiven()) {
      throw command.wrongUsage(
          ids
              ? "expected either ids or a filter, found both"
              : "expected ids, --filter KEY=VALUE or --all, found nothing");
    }
    if (ids && dryRun) throw command.wrongUsage("--dry-run counts the tasks of a filter");
    if (all && !values.isEmpty()) {
      throw command.wrongUsage("expected either --filter or --all, found both");
    }
    for (String key : values.keySet()) {
      if (!KEYS.contains(key)) throw command.wrongUsage(States.mistake("filter", key, KEYS));
    }
    for (String state : states()) States.check(state, command);
  }

  private List<String> states() {
    String states = values.get("state");
    return states == null ? List.of() : Arrays.asList(states.split(",", -1));
  }

  Map<String, Object> body() {
    Map<String, Object> filter = new LinkedHashMap<>(values);
    if (!states().isEmpty()) filter.put("state", states());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("filter", filter);
    if (all) body.put("all", true);
    return body;
  }

  /** {@code usual} are the states that the command is about where the filter names none. */
  Query query(List<String> usual) {
    Query query = new Query();
    if (!values.containsKey("state")) query.with("state", String.join(",", usual));
    values.forEach(query::with);
    return query.with("limit", 1);
  }
}
