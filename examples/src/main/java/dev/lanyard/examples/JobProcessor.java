package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.DeadlineExceededException;
import dev.lanyard.context.Group;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;

/** Jobs in the background: a queue with a bound, a timeout for each, a drain at the end. */
final class JobProcessor {
  private static final Job NO_MORE = new Job("no more", Duration.ZERO);

  private record Job(String name, Duration work) {}

  static void main() throws ExecutionException, InterruptedException {
    // @start region="guide"
    var queue = new ArrayBlockingQueue<Job>(2);
    submit(queue, new Job("invoice", Duration.ZERO));
    submit(queue, new Job("forecast", Duration.ofHours(1)));
    submit(queue, new Job("newsletter", Duration.ZERO)); // the bound: refuse rather than pile up

    try (Group workers = Group.in(Context.background());
        CancellableContext drain = Context.background().withTimeout(Duration.ofMinutes(1));
        var _ = drain.onDone(workers.context()::cancel)) {
      workers.fork(() -> work(workers.context(), queue));
      workers.fork(() -> last(queue)); // what was accepted is finished, if the drain lasts
      workers.join();
    }
    IO.println("drained");
    // @end
  }

  private static void submit(BlockingQueue<Job> queue, Job job) {
    IO.println((queue.offer(job) ? "accepted: " : "refused: ") + job.name());
  }

  private static Job last(BlockingQueue<Job> queue) throws InterruptedException {
    queue.put(NO_MORE);
    return NO_MORE;
  }

  // @start region="worker"
  private static int work(Context ctx, BlockingQueue<Job> queue) throws InterruptedException {
    int done = 0;
    for (Job job = queue.take(); job != NO_MORE; job = queue.take()) {
      try (CancellableContext limited = ctx.withTimeout(Duration.ofMillis(500))) {
        limited.sleep(job.work());
        IO.println("done: " + job.name());
        done++;
      } catch (DeadlineExceededException late) {
        IO.println("timed out: " + job.name());
      }
    }
    return done;
  }
  // @end
}

// Output:
// accepted: invoice
// accepted: forecast
// refused: newsletter
// done: invoice
// timed out: forecast
// drained
