package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.time.Duration;
import java.util.List;

/** One deadline for a whole batch: what does not fit into it is not begun. */
final class BatchWithDeadline {
  private record Report(String name, Duration work) {}

  static void main() throws InterruptedException {
    // @start region="guide"
    var batch =
        List.of(
            new Report("sales", Duration.ZERO),
            new Report("stock", Duration.ZERO),
            new Report("everything since 1970", Duration.ofHours(1)),
            new Report("staff", Duration.ZERO));

    int printed = 0;
    try (CancellableContext ctx = Context.background().withTimeout(Duration.ofSeconds(1))) {
      for (Report report : batch) {
        ctx.sleep(report.work());
        IO.println("printed: " + report.name());
        printed++;
      }
    } catch (ContextException ended) {
      IO.println(printed + " of " + batch.size() + " printed: " + ended.getMessage());
    }
    // @end
  }
}

// Output:
// printed: sales
// printed: stock
// 2 of 4 printed: context deadline exceeded
