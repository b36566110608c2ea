package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Key;

/** Work for two masters: it ends with whichever of two contexts ends first. */
final class TwoContextsMerged {
  private static final Key<String> USER = Key.of("user");

  static void main() {
    // @start region="guide"
    try (CancellableContext server = Context.background().withCancel();
        CancellableContext request = Context.background().withCancel();
        CancellableContext both = request.withValue(USER, "Ada").linkedTo(server)) {

      server.cancel(new IllegalStateException("the server shuts down"));

      IO.println(both.err());
      IO.println(both.cause());
      IO.println("the request itself is " + (request.isDone() ? "done" : "live"));
      IO.println("and its user is " + both.value(USER));
    }
    // @end
  }
}

// Output:
// dev.lanyard.context.CancelledException: context canceled
// java.lang.IllegalStateException: the server shuts down
// the request itself is live
// and its user is Ada
