package dev.lanyard.proofs.faults;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.tasks.TaskKind;
import java.time.Duration;

/** Nodes in this process. */
final class Nodes {
  private Nodes() {}

  /** With the defaults but for the timeouts. */
  static DurableProcessor start(Database database, int workers, TaskKind<?> kind) {
    return DurableProcessor.start(
        Context.background(),
        database,
        s ->
            s.withWorkers(workers)
                .withMaxTimeout(Work.LONG)
                .withGrace(Duration.ofSeconds(1))
                .withOnlyKinds(kind));
  }
}
