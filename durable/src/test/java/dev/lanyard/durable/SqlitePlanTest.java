package dev.lanyard.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.Task;
import dev.lanyard.tasks.TaskKind;
import dev.lanyard.testing.Eventually;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * How SQLite finds what it is asked for all the time while many tasks wait. The texts are those
 * that it was asked: of the transactions that write, and of the claims.
 */
class SqlitePlanTest {
  record Work(String way) {}

  private static final int BACKLOG = 20_000;

  /** These grow with the backlog; others hold a few rows. */
  private static final Pattern LARGE =
      Pattern.compile("\\b(from|update|into) lanyard_(task|scheduled_tasks|task_event)\\b");

  private static final Pattern QUESTION =
      Pattern.compile("\\s*(select|update|delete|with)\\b.*", Pattern.DOTALL);

  @Test
  @DisplayName(
      "issue 6, EXPLAIN QUERY PLAN with a backlog: by an index, and no sort of the backlog")
  void plans() throws Exception {
    Path file = Files.createTempDirectory("lanyard-durable-").resolve("tasks.db");
    Set<String> texts = new LinkedHashSet<>();
    try (Database database = Database.sqlite(file)) {
      fill(database.store());
      database
          .journal()
          .write(tx -> {
            tx.session.closeStatements();
            return null;
          });
      work(database);
      texts.addAll(database.journal().write(tx -> texts(tx.session)));
      Object connections = field(Database.class, "connections").get(database);
      texts.addAll(texts((Session) field(SqliteConnections.class, "claims").get(connections)));
    }
    texts.removeIf(sql -> !QUESTION.matcher(sql).matches() || !LARGE.matcher(sql).find());
    List<String> complaints = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      for (String sql : texts) {
        String plan = plan(connection, sql);
        if (isOfTheBacklog(plan)) complaints.add(sql + "\n" + plan);
      }
      assertThat(plan(connection, "select id from lanyard_task where name = 'b'"))
          .matches(SqlitePlanTest::isOfTheBacklog);
    }
    assertThat(complaints).as("of " + texts.size()).isEmpty();
    assertThat(texts).hasSizeGreaterThan(15).anyMatch(sql -> sql.contains("indexed by"));
  }

  /** Most wait, some are scheduled, some have ended; a few trees. */
  private static void fill(TaskStore store) {
    List<Submission> some = new ArrayList<>();
    for (int i = 0; i < BACKLOG; i++) {
      Task task = task("b" + i, "nap").withPriority(2 + i % 8);
      if (i % 20 == 19) task = task.withParent("b" + (i - 19));
      Submission each = Submission.of(task);
      if (i % 7 == 0) each = each.at(store.now().plusSeconds(3600 + i));
      if (i % 11 == 0) each = each.unique("k" + i);
      some.add(each);
      if (some.size() == 1000) {
        store.submitAll(some);
        some.clear();
      }
    }
    for (int i = 0; i < BACKLOG; i += 400) store.cancel("b" + i, Cancellation.withoutCause());
  }

  private static Task task(String id, String way) {
    return Task.of(id, "work", new Work(way)).withId(id).withTimeout(Duration.ofMinutes(5));
  }

  /** Everything that nodes and callers do all the time. */
  private static void work(Database database) throws Exception {
    var held = new CountDownLatch(1);
    var kind =
        new TaskKind<>(
            "work",
            Work.class,
            (attempt, work) -> {
              switch (work.way()) {
                case "hold" -> {
                  held.countDown();
                  attempt.context().await();
                }
                case "fail" -> throw new IllegalStateException("on purpose");
                default -> attempt.progress(50);
              }
              return null;
            });
    try (DurableProcessor node =
        DurableProcessor.start(
            Context.background(),
            database,
            settings ->
                settings
                    .withWorkers(3)
                    .withMaxTimeout(Duration.ofMinutes(10))
                    .withOnlyKinds(kind))) {
      TaskStore store = database.store();
      node.submit(Submission.of(urgent("held", "hold").withCritical(true)));
      Eventually.holds("it is held", () -> held.getCount() == 0);
      node.submit(Submission.of(urgent("child", "nap").withParent("held")));
      node.submit(Submission.of(urgent("keyed", "nap")).unique("urgent"));
      Retry often = new Retry(3, Duration.ofMillis(5), Duration.ofMillis(10));
      node.submit(Submission.of(urgent("retries", "fail").withRetry(often)));
      node.submit(Submission.of(urgent("late", "hold").withTimeout(Duration.ofMillis(20))));
      for (String id : List.of("child", "keyed", "retries", "late")) {
        store.await(Context.background(), id);
      }
      store.extend("held", Duration.ofSeconds(1), "plans");
      store.cancel("held", Cancellation.because("plans"));
      store.await(Context.background(), "held");
      store.cancel("b41", Cancellation.because("plans"));
      store.rerun("retries");
      long from = store.lastEvent();
      Eventually.holds("it works on the backlog", () -> store.lastEvent() > from + 100);
    }
  }

  private static Task urgent(String id, String way) {
    return task(id, way).withPriority(1);
  }

  /** A session keeps what it has prepared. */
  @SuppressWarnings("unchecked")
  private static List<String> texts(Session session) {
    try {
      return List.copyOf(
          ((Map<String, PreparedStatement>) field(Session.class, "statements").get(session))
              .keySet());
    } catch (ReflectiveOperationException renamed) {
      throw new LinkageError("a field that this test reads has another name", renamed);
    }
  }

  private static Field field(Class<?> type, String name) throws NoSuchFieldException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static String plan(Connection connection, String sql) throws SQLException {
    var plan = new StringBuilder();
    try (PreparedStatement statement = connection.prepareStatement("explain query plan " + sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) plan.append(rows.getString("detail")).append('\n');
    }
    return plan.toString();
  }

  private static boolean isOfTheBacklog(String plan) {
    return plan.contains("TEMP B-TREE FOR ORDER BY")
        || plan.contains("lanyard_task_state (state=?)") // all that are in a state
        || plan.lines()
            .anyMatch(line -> line.matches("SCAN (t|e|lanyard_(task|scheduled_tasks|task_event))"));
  }
}
