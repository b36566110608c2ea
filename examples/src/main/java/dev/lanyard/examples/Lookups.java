package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Fork;
import dev.lanyard.context.Group;
import java.time.Duration;

/** The first screen of the README: two lookups under one deadline. */
final class Lookups {
  static void main() throws Exception {
    // @start region="guide"
    try (CancellableContext ctx = Context.background().withTimeout(Duration.ofSeconds(2));
        Group group = Group.in(ctx)) {
      Fork<String> user = group.fork(() -> find(ctx, "user"));
      Fork<String> orders = group.fork(() -> find(ctx, "orders"));
      group.join(); // the first failure, or the deadline, ends both
      IO.println(user.result() + ", " + orders.result());
    } // nothing that was started here is still running
    // @end
  }

  private static String find(Context ctx, String what) throws InterruptedException {
    ctx.sleep(Duration.ofMillis(10)); // a database
    return what + " found";
  }
}

// Output:
// user found, orders found
