package dev.lanyard.app.client;

import dev.lanyard.app.input.Document;
import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Source;
import dev.lanyard.app.input.Visible;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A task file on its way to the server. Here only its syntax is read, so that an old program can
 * send what a new server understands; what the server says of a value is shown at its place in the
 * file.
 */
final class TaskDocument {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d{1,3})?");
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

  private final Source source;
  private final Node root;

  private TaskDocument(Source source, Node root) {
    this.source = source;
    this.root = root;
  }

  /** Syntax errors are the failure's message. */
  static TaskDocument read(String file) throws Failure {
    try {
      Source source = Source.read(file);
      Problems problems = new Problems(source.name());
      Node root = Document.read(source, "tasks", problems);
      if (root != null && problems.none()) return new TaskDocument(source, root);
      throw Failure.ofFile(ExitCode.WRONG_USAGE, problems.lines());
    } catch (Source.Unreadable e) {
      throw Failure.ofFile(ExitCode.WRONG_USAGE, List.of(String.valueOf(e.getMessage())));
    }
  }

  /** One task, or a mapping with {@code tasks}. */
  Object body() {
    Object value = value(root);
    return value instanceof List<?> tasks ? Map.of("tasks", tasks) : value == null ? "" : value;
  }

  private static @Nullable Object value(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Node.Entry entry : mapping.entries()) fields.put(entry.key(), value(entry.value()));
        yield fields;
      }
      case Node.Listing listing -> {
        List<@Nullable Object> items = new ArrayList<>();
        for (Node item : listing.items()) items.add(value(item));
        yield items;
      }
      case Node.Scalar scalar ->
          switch (scalar.kind()) {
            case NOTHING -> null;
            case FLAG -> Boolean.parseBoolean(scalar.text());
            case TEXT -> scalar.text();
            case NUMBER -> number(scalar.text());
          };
    };
  }

  /** YAML knows more numbers than JSON; the server reads them from texts. */
  private static Object number(String text) {
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : text;
  }

  /** What the server said of the tasks, as compilers say it; the failure itself if of nothing. */
  Failure placed(Failure refused) {
    List<Fields> errors = refused.problem().objects("errors");
    if (errors.isEmpty()) return refused;
    Problems problems = new Problems(source.name());
    for (Fields error : errors) {
      String where = error.text("where", "");
      String message = error.text("message", "");
      Found found = find(where);
      // Where the last step is missing in the file, the message alone would not say what it was.
      String shown = found.whole || where.isEmpty() ? message : where + ": " + message;
      problems.add(found.node.place(), Visible.of(shown));
    }
    return Failure.ofFile(refused.exitCode(), problems.lines());
  }

  private record Found(Node node, boolean whole) {}

  /** {@code where} is such as {@code tasks[2].timeout}. As far as the file goes along. */
  private Found find(String where) {
    Node node = root;
    Matcher step = STEP.matcher(where);
    boolean first = true;
    while (step.find()) {
      boolean listed = first && node instanceof Node.Listing && "tasks".equals(step.group(1));
      first = false;
      if (listed) continue; // the file is the list
      Node next =
          step.group(1) != null
              ? field(node, step.group(1))
              : item(
                  node,
                  Integer.parseInt(
                      step.group(2).substring(0, Math.min(9, step.group(2).length()))));
      if (next == null) return new Found(node, false);
      node = next;
    }
    return new Found(node, true);
  }

  private static @Nullable Node field(Node node, String name) {
    if (node instanceof Node.Mapping mapping) {
      for (Node.Entry entry : mapping.entries()) if (entry.key().equals(name)) return entry.value();
    }
    return null;
  }

  private static @Nullable Node item(Node node, int index) {
    // One task alone is the file itself.
    if (node instanceof Node.Mapping && index == 0) return node;
    return node instanceof Node.Listing listing && index < listing.items().size()
        ? listing.items().get(index)
        : null;
  }
}
