package dev.lanyard.app.server;

import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Section;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.tasks.State;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads which tasks are meant, in a URL or in a body. */
final class Filters {
  static final Set<String> LIST_PARAMETERS =
      Set.of(
          "state", "kind", "name", "request", "parent", "root", "node", "q", "order", "cursor",
          "limit", "full");
  static final Set<String> FIELDS =
      Set.of("state", "kind", "name", "request", "parent", "root", "node", "q");

  private Filters() {}

  static TaskFilter of(Query query) {
    return TaskFilter.all()
        .in(query.constants("state", State.values()).stream().distinct().toArray(State[]::new))
        .ofKind(query.text("kind"))
        .named(query.text("name"))
        .forRequest(query.text("request"))
        .childrenOf(query.text("parent"))
        .below(query.text("root"))
        .onNode(query.text("node"))
        .containing(query.text("q"));
  }

  static TaskFilter of(Section fields) {
    return TaskFilter.all()
        .in(states(fields).toArray(State[]::new))
        .ofKind(fields.text("kind"))
        .named(fields.text("name"))
        .forRequest(fields.text("request"))
        .childrenOf(fields.text("parent"))
        .below(fields.text("root"))
        .onNode(fields.text("node"))
        .containing(fields.text("q"));
  }

  private static Set<State> states(Section fields) {
    Set<State> states = EnumSet.noneOf(State.class);
    Node node = fields.node("state");
    if (node == null) return states;
    List<Node> items = node instanceof Node.Listing listing ? listing.items() : List.of(node);
    for (Node item : items) {
      String name = item instanceof Node.Scalar scalar ? scalar.text() : "";
      State state = Query.constant(name, State.values());
      if (state != null) states.add(state);
      else fields.wrong("state", item, "a state (" + Query.unknown(name, State.values()) + ")");
    }
    if (items.isEmpty()) fields.wrong("state", node, "at least one state");
    return states;
  }
}
