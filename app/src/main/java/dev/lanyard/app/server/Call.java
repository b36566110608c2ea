package dev.lanyard.app.server;

import dev.lanyard.app.input.Document;
import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Section;
import dev.lanyard.app.input.Source;
import dev.lanyard.app.input.Whereabouts;
import dev.lanyard.context.Context;
import dev.lanyard.vertx.RequestBody;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request of the interface while it is answered. For one thread. */
final class Call {
  static final long LARGEST_BODY = 8L << 20;

  /** More mistakes than anybody mends at once. */
  private static final int SHOWN = 100;

  private final Context ctx;
  private final RoutingContext routing;
  private final Query query;
  private byte @Nullable [] body;

  Call(Context ctx, RoutingContext routing) {
    this.ctx = ctx;
    this.routing = routing;
    this.query = new Query(routing.queryParams());
  }

  Context context() {
    return ctx;
  }

  Query query() {
    return query;
  }

  /** The id of the task in the path. */
  String id() {
    return Objects.requireNonNull(routing.pathParam("id"), "the route has no :id");
  }

  @Nullable String header(String name) {
    return routing.request().getHeader(name);
  }

  void send(Answer answer) {
    answer.send(routing);
  }

  void send(Problem problem) {
    problem.send(routing);
  }

  /** All of it, as it came. */
  byte[] body() throws IOException {
    byte[] known = body;
    if (known != null) return known;
    try (InputStream in = RequestBody.of(ctx, routing)) {
      byte[] read = in.readAllBytes();
      body = read;
      return read;
    }
  }

  /** Reads the body. What is wrong with it becomes a problem document that says all of it. */
  interface Reader<T> {
    T read(Node root, Problems problems);
  }

  <T> T read(String wanted, Reader<T> reader) throws IOException, Problem {
    Problems problems = new Problems("the body");
    Node root;
    try {
      root = Document.read(Source.json("the body", body()), wanted, problems);
    } catch (Source.Unreadable e) {
      throw Problem.of(400, String.valueOf(e.getMessage()));
    }
    if (root == null) throw problem(400, "malformed", Whereabouts.nowhere(), problems);
    boolean parsed = problems.none();
    T value = reader.read(root, problems);
    if (!problems.none()) {
      String name = parsed ? "invalid" : "malformed";
      throw problem(parsed ? 422 : 400, name, Whereabouts.in(root), problems);
    }
    return value;
  }

  /** An object with some of these fields; an empty body counts as an empty object. */
  <T> T readObject(Set<String> fields, FieldReader<T> reader) throws IOException, Problem {
    if (body().length == 0) body = new byte[] {'{', '}'};
    return read(
        "an object",
        (root, problems) -> {
          Node.Mapping object = new Node.Mapping(root.place(), List.of(), false);
          if (root instanceof Node.Mapping mapping) object = mapping;
          else problems.add(root.place(), "expected an object, found " + root.described());
          return reader.read(new Section(object, "the body", fields, problems), problems);
        });
  }

  /** Reads the fields of an object. */
  interface FieldReader<T> {
    T read(Section fields, Problems problems);
  }

  private static Problem problem(int status, String name, Whereabouts where, Problems problems) {
    List<Problem.Mistake> mistakes =
        problems.first(SHOWN).stream()
            .map(each -> new Problem.Mistake(where.of(each.place()), each.message()))
            .toList();
    String count = problems.count() == 1 ? "1 problem" : problems.count() + " problems";
    return Problem.of(status, name, count + " in the body; nothing was changed", mistakes);
  }
}
