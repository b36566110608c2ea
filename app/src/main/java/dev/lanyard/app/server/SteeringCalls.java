package dev.lanyard.app.server;

import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Section;
import dev.lanyard.context.ContextException;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.durable.TaskStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Calls that change what becomes of tasks. */
final class SteeringCalls {
  private static final Set<String> WITH_CAUSE = Set.of("filter", "all", "cause");
  private static final Set<String> WITHOUT_CAUSE = Set.of("filter", "all");

  /** Who asked, in the story of a task. There are no users: the token is one for all. */
  private static final String BY = "api";

  private final TaskStore store;

  SteeringCalls(Plant plant) {
    this.store = plant.store();
  }

  Answer cancel(Call call) throws IOException, Problem {
    Cancellation cancellation =
        call.readObject(Set.of("cause"), (fields, _) -> cancellation(fields));
    return Answer.of(store.cancel(call.id(), cancellation));
  }

  private static Cancellation cancellation(Section fields) {
    return new Cancellation(fields.text("cause"), BY);
  }

  Answer extend(Call call) throws IOException, Problem {
    Duration by =
        call.readObject(
            Set.of("by"),
            (fields, problems) -> {
              Duration given = fields.positiveDuration("by");
              if (!fields.has("by") && fields.complete()) {
                problems.add(fields.place(), "expected \"by\", a duration such as 30s, found none");
              }
              return given == null ? Duration.ZERO : given;
            });
    return Answer.of(store.extend(call.id(), by, BY));
  }

  Answer retry(Call call) throws IOException, Problem {
    call.readObject(Set.of(), (_, _) -> BY);
    return Answer.of(store.rerun(call.id()));
  }

  private record Bulk(TaskFilter filter, Cancellation cancellation) {}

  Answer cancelAll(Call call) throws IOException, Problem, InterruptedException {
    Bulk bulk =
        call.readObject(
            WITH_CAUSE,
            (fields, problems) -> new Bulk(filter(fields, problems), cancellation(fields)));
    int cancelled = whole(call, "cancelled", () -> store.cancelAll(bulk.filter, bulk.cancellation));
    return Answer.json(json -> json.writeNumberProperty("cancelled", cancelled));
  }

  Answer retryAll(Call call) throws IOException, Problem, InterruptedException {
    TaskFilter filter = call.readObject(WITHOUT_CAUSE, SteeringCalls::filter);
    int retried = whole(call, "queued again", () -> store.rerunAll(filter));
    return Answer.json(json -> json.writeNumberProperty("retried", retried));
  }

  /**
   * Done in many transactions, to its end: whoever leaves, or has no more time, does not stop it
   * somewhere in the middle.
   */
  private static int whole(Call call, String done, IntSupplier work)
      throws Problem, InterruptedException {
    var count = new CompletableFuture<Integer>();
    var _ =
        Thread.ofVirtual()
            .name("lanyard-bulk")
            .start(() -> {
              try {
                count.complete(work.getAsInt());
              } catch (RuntimeException failure) {
                count.completeExceptionally(failure);
              }
            });
    try {
      return call.context().await(count);
    } catch (ContextException over) {
      throw Problem.of(
          503,
          "more tasks than can be "
              + done
              + " in this time: it goes on here. Send it again to wait for what is left");
    } catch (CompletionException failed) {
      if (!(failed.getCause() instanceof StoreException failure)) throw failed;
      throw Problem.of(
          failure,
          "the database does not answer: some of the tasks may be "
              + done
              + ". Send it again for the rest");
    }
  }

  private static TaskFilter filter(Section fields, Problems problems) {
    @Nullable Node node = fields.node("filter");
    TaskFilter filter = TaskFilter.all();
    if (node instanceof Node.Mapping mapping) {
      filter = Filters.of(new Section(mapping, "the filter", Filters.FIELDS, problems));
    } else if (node != null) {
      fields.wrong("filter", node, "an object such as {\"state\":[\"pending\"]}");
      return filter;
    }
    if (filter.isAll() && !Boolean.TRUE.equals(fields.flag("all"))) {
      problems.add(
          fields.placeOf("filter"),
          "an empty filter means every task: say which in \"filter\", or \"all\": true");
    }
    return filter;
  }
}
