package dev.lanyard.examples;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;

/** What belongs to a request crosses three layers without a parameter for each of them. */
final class RequestValues {
  // @start region="guide"
  private static final Key<String> REQUEST = Key.printed("request");
  private static final Key<User> USER = Key.of("user");

  private record User(String name, boolean mayRead) {}

  static void main() {
    Context request = Context.background().withValue(REQUEST, "req-1");
    IO.println(handle(request.withValue(USER, new User("Ada", true))));
    IO.println(handle(request.withValue(USER, new User("Eve", false))));
    IO.println(handle(request));
  }

  private static String handle(Context ctx) {
    return ctx.value(REQUEST) + ": " + report(ctx);
  }

  private static String report(Context ctx) {
    return "the report says " + read(ctx);
  }

  private static String read(Context ctx) {
    User user = ctx.value(USER); // typed; null when nobody bound it
    if (user == null) return "log in first";
    return user.mayRead() ? "all is well, " + user.name() : "nothing to you, " + user.name();
  }
  // @end
}

// Output:
// req-1: the report says all is well, Ada
// req-1: the report says nothing to you, Eve
// req-1: the report says log in first
