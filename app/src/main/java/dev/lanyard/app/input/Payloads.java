package dev.lanyard.app.input;

import dev.lanyard.tasks.Exec;
import dev.lanyard.tasks.Http;
import dev.lanyard.tasks.Sleep;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a task does, as the file says it: one of the kinds that are built in. */
final class Payloads {
  record Work(String kind, Object payload) {}

  private static final List<String> KINDS = List.of("sleep", "exec", "http");
  private static final Set<String> EXEC_KEYS =
      Set.of("command", "shell", "env", "dir", "max-output", "grace");
  private static final Set<String> HTTP_KEYS = Set.of("url", "method", "headers", "body", "expect");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,10})(B|KiB|MiB|GiB)?");
  private static final Pattern STATUS = Pattern.compile("([1-5]\\d\\d)(?:\\.\\.([1-5]\\d\\d))?");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final String A_STATUS =
      "a status such as 204, a range such as 200..299, or a list";

  private final Problems problems;

  Payloads(Problems problems) {
    this.problems = problems;
  }

  /** Null if there is none that can be done; a problem says why. */
  @Nullable Work of(Section task) {
    List<String> kinds = KINDS.stream().filter(task::has).toList();
    if (kinds.isEmpty()) {
      if (task.complete()) {
        problems.add(
            task.place(), "expected something to do: one of sleep, exec, http, found none");
      }
      return null;
    }
    if (kinds.size() > 1) {
      problems.add(
          task.placeOf(kinds.get(1)),
          "expected one of sleep, exec, http, found " + String.join(" and ", kinds));
    }
    Object payload = null;
    for (String kind : kinds) payload = payload(task, kind);
    return payload == null || kinds.size() > 1 ? null : new Work(kinds.getFirst(), payload);
  }

  private @Nullable Object payload(Section task, String kind) {
    Node node = task.node(kind);
    if (node == null) return null;
    try {
      return switch (kind) {
        case "sleep" -> sleep(task);
        case "exec" -> exec(task, node);
        default -> http(task, node);
      };
    } catch (IllegalArgumentException e) {
      // The payload's own rules, where they are stricter than what was checked above.
      problems.add(node.place(), "\"" + kind + "\": " + Visible.of(String.valueOf(e.getMessage())));
      return null;
    }
  }

  private static @Nullable Sleep sleep(Section task) {
    Duration duration = task.duration("sleep");
    return duration == null ? null : new Sleep(duration);
  }

  private @Nullable Exec exec(Section task, Node node) {
    if (node instanceof Node.Listing) {
      List<String> command = task.texts("exec");
      return command == null ? null : Exec.of(command);
    }
    if (!(node instanceof Node.Mapping mapping)) {
      task.wrong("exec", node, "a list such as [make, all], or a mapping with command or shell");
      return null;
    }
    Section exec = new Section(mapping, "exec", EXEC_KEYS, problems);
    List<String> command = exec.texts("command");
    String shell = exec.text("shell");
    Map<String, String> env = environment(exec);
    Path directory = directory(exec);
    Integer maxOutput = size(exec, "max-output");
    Duration grace = exec.duration("grace");
    if (exec.has("command") == exec.has("shell")) {
      if (exec.complete()) {
        problems.add(
            exec.has("shell") ? exec.placeOf("shell") : exec.place(),
            "\"exec\": expected either \"command\" or \"shell\", found "
                + (exec.has("shell") ? "both" : "neither"));
      }
      return null;
    }
    Exec payload = command != null ? Exec.of(command) : shell != null ? Exec.shell(shell) : null;
    if (payload == null) return null;
    if (env != null) payload = payload.withEnvironment(env);
    if (maxOutput != null) payload = payload.withMaxOutputBytes(maxOutput);
    if (grace != null) payload = payload.withGrace(grace);
    return payload.withDirectory(directory);
  }

  private @Nullable Map<String, String> environment(Section exec) {
    Map<String, String> env = exec.textsByKey("env");
    if (env == null) return null;
    for (Map.Entry<String, String> variable : env.entrySet()) {
      String name = variable.getKey();
      if (name.isEmpty() || name.contains("=") || name.contains("\0")) {
        problems.add(
            exec.placeOf("env"),
            "\"env\": expected names of variables, found " + Section.quoted(name));
      }
    }
    return env;
  }

  private static @Nullable Path directory(Section exec) {
    String text = exec.text("dir");
    Node node = exec.node("dir");
    if (text == null || node == null) return null;
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      exec.wrong("dir", node, "the path of a directory");
      return null;
    }
  }

  private static @Nullable Integer size(Section section, String key) {
    Node node = section.node(key);
    if (node == null) return null;
    if (node instanceof Node.Scalar scalar) {
      Matcher matcher = SIZE.matcher(scalar.text());
      if (matcher.matches()) {
        long factor =
            switch (String.valueOf(matcher.group(2))) {
              case "KiB" -> 1L << 10;
              case "MiB" -> 1L << 20;
              case "GiB" -> 1L << 30;
              default -> 1;
            };
        long bytes = Long.parseLong(matcher.group(1)) * factor;
        if (bytes <= 1L << 30) return (int) bytes;
      }
    }
    section.wrong(key, node, "a size up to 1GiB such as 65536, 64KiB or 1MiB");
    return null;
  }

  private @Nullable Http http(Section task, Node node) {
    if (node instanceof Node.Scalar) {
      URI uri = url(task, "http");
      return uri == null ? null : Http.get(uri);
    }
    if (!(node instanceof Node.Mapping mapping)) {
      task.wrong("http", node, "a URL, or a mapping with url");
      return null;
    }
    Section http = new Section(mapping, "http", HTTP_KEYS, problems);
    URI uri = url(http, "url");
    String method = method(http);
    Map<String, String> headers = headers(http);
    String body = http.anyText("body");
    Set<Integer> expected = expected(http);
    if (!http.has("url") && http.complete()) {
      problems.add(http.place(), "\"http\": expected a \"url\", found none");
    }
    if (uri == null) return null;
    Http payload = Http.get(uri).withBody(body);
    if (method != null) payload = payload.withMethod(method);
    if (headers != null) payload = payload.withHeaders(headers);
    return expected == null ? payload : payload.withExpected(expected);
  }

  private static @Nullable URI url(Section section, String key) {
    Node node = section.node(key);
    String text = section.text(key);
    if (text == null || node == null) return null;
    try {
      URI uri = new URI(text);
      boolean web =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (web && uri.getHost() != null && uri.getPort() <= 65_535) return uri;
    } catch (URISyntaxException _) {
      // Said below, in words of the file.
    }
    section.wrong(key, node, "a URL such as http://127.0.0.1:8080/path");
    return null;
  }

  private static @Nullable String method(Section http) {
    String method = http.text("method");
    Node node = http.node("method");
    if (method == null || node == null) return null;
    if (TOKEN.matcher(method).matches()) return method.toUpperCase(Locale.ROOT);
    http.wrong("method", node, "a method such as GET or POST");
    return null;
  }

  private @Nullable Map<String, String> headers(Section http) {
    Map<String, String> headers = http.textsByKey("headers");
    Node node = http.node("headers");
    if (headers == null || !(node instanceof Node.Mapping mapping)) return null;
    Map<String, String> seen = new HashMap<>();
    for (Node.Entry header : mapping.entries()) {
      String name = header.key();
      String value = headers.getOrDefault(name, "");
      String other = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (!TOKEN.matcher(name).matches()) {
        problems.add(
            header.place(), "expected the name of a header, found " + Section.quoted(name));
      } else if (other != null && !other.equals(name)) {
        problems.add(
            header.place(),
            "the header " + Section.quoted(name) + " stands here twice, also as " + other);
      } else if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
        http.wrong(name, header.value(), "a header on one line");
      }
    }
    return headers;
  }

  private static @Nullable Set<Integer> expected(Section http) {
    Node node = http.node("expect");
    if (node == null) return null;
    List<Node> nodes = node instanceof Node.Listing listing ? listing.items() : List.of(node);
    Set<Integer> statuses = new TreeSet<>();
    for (Node item : nodes) {
      Matcher matcher = STATUS.matcher(item instanceof Node.Scalar scalar ? scalar.text() : "");
      if (!matcher.matches()) {
        http.wrong("expect", item, A_STATUS);
        return null;
      }
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (last < first) {
        http.wrong("expect", item, "a range from the lower to the higher status");
        return null;
      }
      for (int status = first; status <= last; status++) statuses.add(status);
    }
    if (statuses.isEmpty()) {
      http.wrong("expect", node, A_STATUS);
      return null;
    }
    return statuses;
  }
}
