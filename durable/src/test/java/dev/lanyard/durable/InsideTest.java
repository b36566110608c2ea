package dev.lanyard.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("issue 6: the insides of the store")
class InsideTest {
  private static Task task(String id) {
    return Task.of(id, "work", List.of()).withId(id);
  }

  @Test
  @DisplayName("a server that is not there, or a wrong URL, is told without the password")
  void noPasswordInMessages() {
    for (String url :
        List.of(
            "jdbc:postgresql://127.0.0.1:1/d?user=u&password=hush",
            "jdbc:postgresql://127.0.0.1:none/d?user=u&password=hush",
            "jdbc:postgresql://u:p@hush@127.0.0.1:1/d",
            "jdbc:other://u:hush@127.0.0.1/d")) {
      assertThatThrownBy(() -> Database.open(url, null, null))
          .as(url)
          .satisfies(failure -> {
            for (Throwable each = failure; each != null; each = each.getCause()) {
              assertThat(each.toString()).doesNotContain("hush");
            }
          })
          .hasMessageContaining("***");
    }
  }

  @Test
  @DisplayName("what the SQL guards is what the transition function allows")
  void guards() {
    assertThat(Guard.DUE).isEqualTo("state in ('SCHEDULED')");
    assertThat(Guard.START).isEqualTo("state in ('PENDING', 'RETRYING')");
    assertThat(Guard.RETRY).isEqualTo("state in ('RUNNING')");
    assertThat(Guard.LOSE).isEqualTo("state in ('RUNNING')");
    assertThat(Guard.COMPLETE).isEqualTo("state in ('RUNNING')");
    assertThat(Guard.TIME_OUT).isEqualTo("state in ('PENDING', 'RUNNING', 'RETRYING')");
    assertThat(Guard.LIVE).isEqualTo("state in ('SCHEDULED', 'PENDING', 'RUNNING', 'RETRYING')");
    assertThat(Guard.CANCEL_WAITING).isEqualTo("state in ('SCHEDULED', 'PENDING', 'RETRYING')");
    // The end of a run is guarded by COMPLETE whatever it is: all of them happen to what runs.
    for (State.Change end :
        List.of(State.Change.FAIL, State.Change.CANCEL, State.Change.TIME_OUT)) {
      assertThat(Guard.statesFor(end)).contains(State.RUNNING);
    }
  }

  @Test
  @DisplayName("ids that were passed over are ranges, and what has come is taken out of its range")
  void holes() {
    var holes = new Holes();
    holes.add(10, 19, 1_000);
    holes.add(30, 30, 2_000);
    holes.fill(15);
    holes.fill(10);
    holes.fill(25);
    assertThat(holes.stillLookedAt(500))
        .containsExactly(
            new Holes.Hole(11, 14, 1_000),
            new Holes.Hole(16, 19, 1_000),
            new Holes.Hole(30, 30, 2_000));
    assertThat(holes.stillLookedAt(1_500)).containsExactly(new Holes.Hole(30, 30, 2_000));
    holes.fill(30);
    assertThat(holes.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a change that fails undoes nobody else's in its group; a refusal stands alone")
  void groups(Databases where) throws Exception {
    try (Database database = where.newPlace().open()) {
      var entered = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      CompletableFuture<Integer> holds =
          database
              .journal()
              .offer(tx -> {
                entered.countDown();
                await(go);
                return 0;
              });
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<Integer>> good = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        String name = "n" + i;
        good.add(database.journal().offer(tx -> insert(tx, name)));
      }
      CompletableFuture<Integer> fails =
          database
              .journal()
              .offer(tx -> {
                insert(tx, "undone");
                return tx.session.update("update nowhere set x = 1");
              });
      CompletableFuture<Integer> refused =
          database
              .journal()
              .offer(tx -> {
                throw new RefusedException(Reason.ENDED, "no", null);
              });
      for (int i = 10; i < 20; i++) {
        String name = "n" + i;
        good.add(database.journal().offer(tx -> insert(tx, name)));
      }
      go.countDown();
      assertThat(holds.get(30, TimeUnit.SECONDS)).isZero();
      for (CompletableFuture<Integer> each : good) {
        assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      }
      assertThatThrownBy(() -> fails.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StoreException.class);
      assertThatThrownBy(() -> refused.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(RefusedException.class);
      List<String> names =
          database
              .queries()
              .read(session ->
                  session.query(
                      "select name from lanyard_control where value = 'test'",
                      row -> row.getString(1)));
      assertThat(names).hasSize(20).doesNotContain("undone");
    }
  }

  private static int insert(Tx tx, String name) throws SQLException {
    return tx.session.update(
        "insert into lanyard_control (name, value, at) values (?, 'test', 0)", name);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what is below a task is its range of paths, whatever letters ids have")
  void ranges(Databases where) throws Exception {
    try (Database database = where.newPlace().open()) {
      TaskStore store = database.store();
      for (String id : List.of("a", "a-", "a.", "a0", "a:", "a_", "A", "aa")) {
        store.submit(Submission.of(task(id)));
        store.submit(Submission.of(task(id + "c").withParent(id)));
      }
      assertThat(store.tree("a", 100)).extracting(StoredTask::id).containsExactly("a", "ac");
      assertThat(store.cancelAll(TaskFilter.all().below("a"), Cancellation.withoutCause()))
          .isEqualTo(2);
      assertThat(store.list(TaskFilter.all().in(State.CANCELLED), TaskOrder.NEWEST, null, 100))
          .extracting(TaskPage::tasks)
          .satisfies(tasks -> assertThat(tasks).hasSize(2));
      assertThat(store.counts().of(State.PENDING)).isEqualTo(14);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("pages of every order hold every task once")
  void pages(Databases where) throws Exception {
    try (Database database = where.newPlace().open()) {
      List<Submission> all = new ArrayList<>();
      for (int i = 0; i < 57; i++) {
        all.add(Submission.of(task("p" + i).withPriority(1 + i % 5)));
      }
      database.store().submitAll(all);
      for (TaskOrder order : TaskOrder.values()) {
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
          TaskPage page = database.store().list(TaskFilter.all(), order, cursor, 10);
          page.tasks().forEach(each -> seen.add(each.id()));
          cursor = page.next();
        } while (cursor != null && seen.size() < 1_000);
        assertThat(seen).as("in the order " + order).hasSize(57).doesNotHaveDuplicates();
      }
      assertThat(database.store().count(TaskFilter.all().containing("P1"), 100)).isEqualTo(11);
      assertThat(database.store().count(TaskFilter.all(), 20)).isEqualTo(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("several open the same database at once: its tables are made once")
  void migratesOnce(Databases where) throws Exception {
    var place = where.newPlace();
    if (where == Databases.SQLITE) {
      try (Database first = place.open()) {
        assertThat(first.isReachable()).isTrue();
        assertThatThrownBy(place::open)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("in use by another process");
      }
      return;
    }
    List<CompletableFuture<Database>> opened = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      var made = new CompletableFuture<Database>();
      opened.add(made);
      Thread.ofVirtual()
          .start(() -> {
            try {
              made.complete(place.open());
            } catch (Throwable failed) {
              made.completeExceptionally(failed);
            }
          });
    }
    for (CompletableFuture<Database> each : opened) {
      try (Database database = each.get(60, TimeUnit.SECONDS)) {
        assertThat(database.store().counts().of(State.PENDING)).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("its tables stand beside those of the program, whatever those are called")
  void ownNames(Databases where) throws Exception {
    Databases.Place place = where.newPlace();
    List<String> names =
        List.of("task", "task_event", "node", "control", "submission_key", "scheduled_tasks");
    try (Connection connection = place.plain().getConnection();
        Statement statement = connection.createStatement()) {
      for (String name : names) statement.execute("create table " + name + " (mine int)");
      try (Database database = place.open()) {
        database.store().submit(Submission.of(task("theirs")));
        assertThat(database.store().find("theirs")).isPresent();
      }
      for (String name : names) statement.execute("insert into " + name + " values (1)");
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("tasks submitted in a caller's transaction exist if he commits, and only then")
  void callersTransaction(Databases where) throws Exception {
    var place = where.newPlace();
    try (Database database = place.open();
        Connection connection = place.plain().getConnection()) {
      assertThatThrownBy(
              () -> database.store().submit(connection, List.of(Submission.of(task("auto")))))
          .isInstanceOf(IllegalArgumentException.class);
      connection.setAutoCommit(false);
      database.store().submit(connection, List.of(Submission.of(task("gone"))));
      connection.rollback();
      database.store().submit(connection, List.of(Submission.of(task("kept"))));
      assertThatThrownBy(
              () -> database.store().submit(connection, List.of(Submission.of(task("kept")))))
          .isInstanceOf(RefusedException.class);
      assertThat(database.store().find("kept")).isEmpty();
      connection.commit();
      connection.setAutoCommit(true);
      assertThat(database.store().find("gone")).isEmpty();
      assertThat(database.store().find("kept")).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the hot queries use their indexes")
  void plans(Databases where) throws Exception {
    try (Database database = where.newPlace().open()) {
      for (int i = 0; i < 4; i++) {
        List<Submission> all = new ArrayList<>();
        for (int j = 0; j < 1_000; j++) {
          all.add(Submission.of(task("t" + i + "-" + j).withPriority(1 + j % 7)));
        }
        database.store().submitAll(all);
      }
      // SQLite has no statistics unless somebody asks for them; PostgreSQL gathers them by itself.
      if (where == Databases.POSTGRESQL) {
        database.journal().write(tx -> tx.session.prepare("analyze").execute());
      }
      assertThat(
              plan(
                  database,
                  where == Databases.SQLITE
                      ? Claims.dueInFile(List.of("work", "other"), "", "20")
                          .replace("picked = ?", "picked = false")
                          .replace("<= ?", "<= 9999999999999")
                      : Claims.dueInServer(List.of("work", "other"))
                          .replace("<= ?", "<= now()")
                          .replace("limit ?", "limit 20")))
          .contains("lanyard_priority_execution_time_idx")
          .doesNotContainIgnoringCase("temp b-tree")
          .doesNotContain("Sort");
      assertThat(
              plan(
                  database, "select id from lanyard_task where path >= 't1-5/' and path < 't1-50'"))
          .contains("lanyard_task_path");
      assertThat(
              plan(database, "select id from lanyard_task where state = 'RUNNING' and node = 'x'"))
          .containsAnyOf("lanyard_task_running", "lanyard_task_state");
      assertThat(
              plan(
                  database,
                  Queries.overdue(where == Databases.SQLITE, "lanyard_task_scheduled")
                      + " state = 'SCHEDULED' and run_at <= 5 limit 1"))
          .contains("lanyard_task_scheduled");
      assertThat(
              plan(
                  database,
                  "select id from lanyard_task order by created_at desc, id desc limit 50"))
          .contains("lanyard_task_newest");
    }
  }

  private static String plan(Database database, String sql) {
    boolean file = database.engine() == Database.Engine.SQLITE;
    return database
        .queries()
        .read(session ->
            session.query(
                (file ? "explain query plan " : "explain ") + sql,
                row -> file ? row.getString("detail") : row.getString(1)))
        .toString();
  }
}
