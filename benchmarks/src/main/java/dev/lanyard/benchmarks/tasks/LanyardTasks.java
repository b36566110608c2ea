package dev.lanyard.benchmarks.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;

/** Ours, with its defaults but for the number of workers. */
record LanyardTasks(Database database, DurableProcessor node) implements Contender {
  /** The payload. */
  record Nothing() {}

  static final TaskKind<Nothing> KIND =
      new TaskKind<>(
          "nothing",
          Nothing.class,
          (_, _) -> {
            Bodies.run();
            return null;
          });

  static Contender open(Place place) {
    Database database = Database.open(place.url(), null, null);
    DurableProcessor node =
        DurableProcessor.start(
            Context.background(),
            database,
            settings -> settings.withWorkers(SubmitAndRun.SLOTS).withOnlyKinds(KIND));
    return new LanyardTasks(database, node);
  }

  @Override
  public void submit() {
    node.submit(Submission.of(Task.of("nothing", KIND, new Nothing())));
  }

  @Override
  public boolean ended(int tasks) {
    return database.store().count(TaskFilter.all().in(State.COMPLETED), tasks) == tasks;
  }

  @Override
  public void close() {
    node.close();
    database.close();
  }
}
