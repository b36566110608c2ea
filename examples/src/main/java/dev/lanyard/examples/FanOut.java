package dev.lanyard.examples;

import dev.lanyard.context.Context;
import dev.lanyard.context.Fork;
import dev.lanyard.context.Group;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Several questions at once; the first failure cancels the others. */
final class FanOut {
  static void main() throws InterruptedException {
    IO.println(page(Context.background(), 7));
    IO.println(page(Context.background(), -1));
  }

  // @start region="guide"
  private static String page(Context ctx, int user) throws InterruptedException {
    try (Group group = Group.in(ctx)) {
      Fork<String> name = group.fork(() -> name(user));
      Fork<Integer> orders = group.fork(() -> countOrders(group.context(), user));
      group.join();
      return name.result() + " has " + orders.result() + " orders";
    } catch (ExecutionException failed) {
      return "no page: " + failed.getCause();
    }
  }

  private static String name(int user) {
    if (user < 0) throw new IllegalArgumentException("there is no user " + user);
    return "Ada";
  }

  private static int countOrders(Context ctx, int user) throws InterruptedException {
    if (user < 0) ctx.sleep(Duration.ofHours(1)); // nobody waits that long: name() has failed
    return 3;
  }
  // @end
}

// Output:
// Ada has 3 orders
// no page: java.lang.IllegalArgumentException: there is no user -1
