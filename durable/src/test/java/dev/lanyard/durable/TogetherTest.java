package dev.lanyard.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("issue 6: changes that are written together")
class TogetherTest {
  private static final class Held implements AutoCloseable {
    private final CountDownLatch go = new CountDownLatch(1);

    /** Nothing is written until this is closed: what is asked for meanwhile is one batch. */
    Held(Database database) throws InterruptedException {
      var entered = new CountDownLatch(1);
      var _ =
          database
              .journal()
              .offer(tx -> {
                entered.countDown();
                try {
                  return go.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException interrupted) {
                  throw new IllegalStateException(interrupted);
                }
              });
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      go.countDown();
    }
  }

  private static Submissions.Question question(Submission submission) {
    return new Submissions.Question(submission, "[]");
  }

  private static Submission submission(String id) {
    return Submission.of(Task.of(id, "work", List.of()).withId(id));
  }

  private static Reason reasonOf(CompletableFuture<?> answer) {
    return ((RefusedException) answer.handle((_, failure) -> failure).join()).reason();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what stands in the way of one refuses that one, and all others are accepted")
  void submissions(Databases where) throws Exception {
    try (Database database = where.newPlace().open()) {
      Submissions all = database.submissions();
      database.store().submit(submission("there"));
      List<CompletableFuture<StoredTask>> good = new ArrayList<>();
      CompletableFuture<StoredTask> known;
      CompletableFuture<StoredTask> orphan;
      CompletableFuture<StoredTask> key;
      CompletableFuture<StoredTask> sameKey;
      CompletableFuture<StoredTask> twice;
      try (var _ = new Held(database)) {
        for (int i = 0; i < 10; i++) {
          good.add(database.journal().offer(all, question(submission("n" + i))));
        }
        known = database.journal().offer(all, question(submission("there")));
        twice = database.journal().offer(all, question(submission("n3")));
        Task child = Task.of("x", "work", List.of()).withParent("nobody");
        orphan = database.journal().offer(all, question(Submission.of(child)));
        key = database.journal().offer(all, question(submission("k1").unique("key")));
        sameKey = database.journal().offer(all, question(submission("k2").unique("key")));
      }
      for (CompletableFuture<StoredTask> each : good) {
        StoredTask task = each.get(30, TimeUnit.SECONDS);
        assertThat(database.store().find(task.id())).contains(task);
        assertThat(database.store().story(task.id()))
            .singleElement()
            .extracting(StoredEvent::type)
            .isEqualTo(StoredEvent.Type.SUBMITTED);
      }
      assertThat(reasonOf(known)).isEqualTo(Reason.DUPLICATE_ID);
      assertThat(reasonOf(twice)).isEqualTo(Reason.DUPLICATE_ID);
      assertThat(reasonOf(orphan)).isEqualTo(Reason.PARENT_UNKNOWN);
      assertThat(key.get(30, TimeUnit.SECONDS).state()).isEqualTo(State.PENDING);
      assertThat(reasonOf(sameKey)).isEqualTo(Reason.DUPLICATE_KEY);
    }
  }

  /** Makes one half together and leaves the other half; the third time it is asked it works. */
  private static final class Halves implements Journal.Sort<Halves.Question, String> {
    record Question(int number) {}

    int failures;

    @Override
    public String alone(Tx tx, Question question) {
      return "alone " + question.number();
    }

    @Override
    public IdentityHashMap<Question, String> together(Tx tx, List<Question> questions) {
      if (failures++ == 0) throw new IllegalStateException("not this time");
      var half = new IdentityHashMap<Question, String>();
      for (Question each : questions) {
        if (each.number() % 2 == 0) half.put(each, "together " + each.number());
      }
      return half;
    }
  }

  @Test
  @DisplayName(
      "with a server, those of a sort are asked for at once, and what is left is made alone")
  void halves() throws Exception {
    try (Database database = Databases.POSTGRESQL.newPlace().open()) {
      var halves = new Halves();
      List<CompletableFuture<String>> failed = new ArrayList<>();
      try (var _ = new Held(database)) {
        for (int i = 0; i < 4; i++)
          failed.add(database.journal().offer(halves, new Halves.Question(i)));
      }
      // The whole transaction failed, and each was made in one of its own.
      for (int i = 0; i < 4; i++) {
        assertThat(failed.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("alone " + i);
      }
      List<CompletableFuture<String>> answers = new ArrayList<>();
      try (var _ = new Held(database)) {
        for (int i = 0; i < 4; i++)
          answers.add(database.journal().offer(halves, new Halves.Question(i)));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(answers.get(i).get(30, TimeUnit.SECONDS))
            .isEqualTo((i % 2 == 0 ? "together " : "alone ") + i);
      }
    }
  }

  @Test
  @DisplayName(
      "a caller's open transaction on PostgreSQL holds up who needs its row, and nobody else")
  void callersLock() throws Exception {
    Databases.Place place = Databases.POSTGRESQL.newPlace();
    try (Database database = place.open();
        Connection connection = place.plain().getConnection()) {
      TaskStore store = database.store();
      store.submit(submission("parent"));
      connection.setAutoCommit(false);
      Task child = Task.of("child", "work", List.of()).withId("child").withParent("parent");
      store.submit(connection, List.of(Submission.of(child)));
      CompletableFuture<StoredTask> cancelled =
          CompletableFuture.supplyAsync(() -> store.cancel("parent", Cancellation.withoutCause()));
      // Each of these goes through the journal that the cancellation waits in.
      for (int i = 0; i < 5; i++) store.submit(submission("other" + i));
      assertThat(cancelled).isNotDone();
      connection.commit();
      assertThat(cancelled.get(60, TimeUnit.SECONDS).state()).isEqualTo(State.CANCELLED);
      assertThat(store.find("child").orElseThrow().state()).isEqualTo(State.CANCELLED);
    }
  }

  @Test
  @DisplayName("of two transactions that submit one id, the later one is refused and can go on")
  void callersConflict() throws Exception {
    Databases.Place place = Databases.POSTGRESQL.newPlace();
    try (Database database = place.open();
        Connection first = place.plain().getConnection();
        Connection second = place.plain().getConnection()) {
      TaskStore store = database.store();
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      store.submit(first, List.of(submission("taken")));
      CompletableFuture<Reason> refused =
          CompletableFuture.supplyAsync(() -> {
            try {
              store.submit(second, List.of(submission("taken")));
              return Reason.UNKNOWN_TASK;
            } catch (RefusedException expected) {
              return expected.reason();
            }
          });
      waitsForTheOther(first);
      first.commit();
      assertThat(refused.get(30, TimeUnit.SECONDS)).isEqualTo(Reason.DUPLICATE_ID);
      store.submit(second, List.of(submission("another")));
      second.commit();
      assertThat(store.find("taken")).isPresent();
      assertThat(store.find("another")).isPresent();
    }
  }

  /** The server itself says that somebody waits for the end of this transaction. */
  private static void waitsForTheOther(Connection holder) throws SQLException {
    for (int i = 0; i < 3_000; i++) {
      try (Statement statement = holder.createStatement();
          ResultSet waiting =
              statement.executeQuery(
                  "select 1, pg_sleep(0.01) from pg_locks where not granted and"
                      + " locktype = 'transactionid' union all select 0, pg_sleep(0.01)"
                      + " order by 1 desc")) {
        if (waiting.next() && waiting.getInt(1) == 1) return;
      }
    }
    throw new AssertionError("nobody waits");
  }
}
