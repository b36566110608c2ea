package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.context.TimeSource;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.TaskEvent;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A body that ignores its context. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DeafTest {
  @ParameterizedTest(name = "issue 6, a body that ignores its context: {0}")
  @EnumSource(Database.Engine.class)
  void itIsCountedAndDoesNotHoldUpOthers(Database.Engine engine) throws Exception {
    TimeSource time = TimeSource.system();
    String deaf = "deaf-" + UUID.randomUUID();
    List<TaskEvent> told = new CopyOnWriteArrayList<>();
    List<String> said = new CopyOnWriteArrayList<>();
    try (Database database = Place.fresh(engine).open();
        DurableProcessor node =
            DurableProcessor.start(
                Context.background(),
                database,
                s ->
                    s.withWorkers(2)
                        .withGrace(Duration.ofMillis(200))
                        .withPatience(Duration.ofMillis(200))
                        .withListener(told::add)
                        .withMaxTimeout(Work.LONG)
                        .withOnlyKinds(Work.kind("node", said::add)))) {
      var _ = node.submit(Submission.of(Work.task(deaf, Work.Way.HELD, 0)));
      Eventually.holds("it runs", () -> said.contains("BEGUN " + deaf + " 1"));
      long asked = time.nanoTime();
      var _ = database.store().cancel(deaf, Cancellation.because("enough"));
      StoredTask ended = database.store().await(Context.background(), deaf);
      Duration took = Duration.ofNanos(time.nanoTime() - asked);
      assertThat(ended.state()).isEqualTo(State.CANCELLED);
      assertThat(said).as("it still works").containsExactly("BEGUN " + deaf + " 1");
      assertThat(node.stats().stuck()).isEqualTo(1);
      var _ = node.submit(Submission.of(Work.task("other", Work.Way.NAP, 0)));
      assertThat(database.store().await(Context.background(), "other").state())
          .isEqualTo(State.COMPLETED);
      assertThat(said).as("the other worker did it").containsExactly("BEGUN " + deaf + " 1");
      Work.release(deaf);
      Eventually.holds("it leaves at last", () -> said.contains("BODY-END " + deaf));
      var _ = node.submit(Submission.of(Work.task("after", Work.Way.NAP, 0)));
      assertThat(database.store().await(Context.background(), "after").state())
          .isEqualTo(State.COMPLETED);
      assertThat(database.store().find(deaf).orElseThrow()).isEqualTo(ended);
      assertThat(database.store().story(deaf))
          .extracting(StoredEvent::type)
          .contains(StoredEvent.Type.STUCK, StoredEvent.Type.CANCELLED);
      assertThat(told)
          .anyMatch(event ->
              event instanceof TaskEvent.Stuck stuck
                  && stuck.stack().stream()
                      .anyMatch(frame -> frame.getMethodName().equals("awaitRelease")));
      Account account = Account.of(database.store(), List.of(deaf, "other", "after")).balances();
      Figures.print(
          "a body that ignores its context",
          engine,
          "ended for everybody else after " + took.toMillis() + " ms; stuck 1; " + account);
    }
  }
}
