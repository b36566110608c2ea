package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.durable.TaskOrder;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.proofs.Length;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How PostgreSQL answers what is asked all the time while many tasks wait: by an index, and without
 * sorting them. What is asked is written down on its way there, with its values. Of SQLite, whose
 * texts cannot be overheard from outside, the module durable looks at the plans.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class PlanTest {
  private static final int BACKLOG = Length.isLong() ? 200_000 : 20_000;

  /** These grow with the backlog; others hold a few rows. */
  private static final Pattern LARGE =
      Pattern.compile("\\blanyard_(task|scheduled_tasks|task_event)\\b");

  private static final Pattern WHOLE =
      Pattern.compile("Seq Scan on lanyard_(task|scheduled_tasks|task_event)\\b");

  private static final Pattern SORT = Pattern.compile("Sort +\\(cost=.*? rows=(\\d+)");

  /** A sort of so many at most is one of an answer, not one of the backlog. */
  private static final int FEW = 1000;

  @Test
  @DisplayName(
      "issue 6, EXPLAIN of the hot queries with a backlog: by index, no sort of the backlog")
  void hotQueries() throws Exception {
    Place place = Place.fresh(Database.Engine.POSTGRESQL);
    var recorder = new Recorder();
    try (Database database = Database.postgresql(recorder.around(place.dataSource()))) {
      fill(database.store());
      analyze(place);
      recorder.forget();
      work(database);
    }
    var lists = new Recorder();
    try (Database database = Database.postgresql(lists.around(place.dataSource()))) {
      look(database.store());
    }
    List<String> complaints = new ArrayList<>();
    int asked = 0;
    try (Connection connection = place.connect()) {
      connection.setAutoCommit(false);
      for (String sql : recorder.texts()) {
        if (!LARGE.matcher(sql).find() || !isQuestion(sql)) continue;
        asked++;
        String plan = explain(connection, "explain ", sql, recorder);
        if (isBad(plan)) complaints.add(sql + "\n" + plan);
      }
      // Told, not judged: people ask for lists, and an index for each order is paid for by each
      // task.
      for (String sql : lists.texts()) {
        if (!LARGE.matcher(sql).find() || !isQuestion(sql)) continue;
        if (isBad(explain(connection, "explain ", sql, lists))) {
          Figures.print("EXPLAIN, a list that sorts the backlog", place.engine(), afterFrom(sql));
        }
      }
    }
    Figures.print(
        "EXPLAIN, backlog " + BACKLOG,
        place.engine(),
        asked
            + " texts of SQL, of these by a scan or sort of the whole backlog "
            + complaints.size());
    assertThat(complaints).as("of " + asked).isEmpty();
    assertThat(asked).as("texts of SQL").isGreaterThan(15);
  }

  /** Most wait, some are scheduled, some have ended; a few trees. */
  private static void fill(TaskStore store) {
    var random = new Random(6);
    List<Submission> some = new ArrayList<>();
    for (int i = 0; i < BACKLOG; i++) {
      Task task = Work.task("b" + i, Work.Way.NAP, 0).withPriority(2 + random.nextInt(8));
      if (i % 20 == 19) task = task.withParent("b" + (i - 19));
      Submission each = Submission.of(task);
      if (i % 7 == 0) each = each.at(store.now().plusSeconds(3600 + random.nextInt(36_000)));
      if (i % 11 == 0) each = each.unique("k" + i);
      some.add(each);
      if (some.size() == 1000) {
        var _ = store.submitAll(some);
        some.clear();
      }
    }
    for (int i = 0; i < BACKLOG; i += 40) {
      var _ = store.cancel("b" + i, Cancellation.withoutCause());
    }
  }

  /** Everything that nodes and callers do all the time. */
  private static void work(Database database) throws Exception {
    TaskStore store = database.store();
    var held = new CountDownLatch(1);
    var kind =
        Work.kind(
            "node",
            line -> {
              if (line.startsWith("BEGUN held")) held.countDown();
            });
    try (DurableProcessor node = Nodes.start(database, 3, kind)) {
      var _ = node.submit(Submission.of(urgent("held", Work.Way.HOLD).withCritical(true)));
      held.await();
      var _ = node.submit(Submission.of(urgent("child", Work.Way.NAP).withParent("held")));
      var _ = store.await(Context.background(), "child");
      var _ = node.submit(Submission.of(urgent("retries", Work.Way.FAIL)));
      var _ = node.submit(Submission.of(urgent("keyed", Work.Way.NAP)).unique("urgent"));
      var _ = store.extend("held", Duration.ofSeconds(1), "plans");
      var _ = store.await(Context.background(), "retries");
      var _ = store.cancel("held", Cancellation.because("plans"));
      var _ = store.await(Context.background(), "held");
      var _ = store.cancel("b41", Cancellation.because("plans"));
      var _ = store.find("b1");
      var _ = store.story("held");
      var _ = store.tree("b99", 100);
      var _ = store.eventsAfter(store.lastEvent() - 100, 100);
      // A look of each loop of the node: signals, progress, due ones, its own record.
      long from = store.lastEvent();
      Eventually.holds("it works on the backlog", () -> store.lastEvent() > from + 100);
    }
  }

  /** What a page or a terminal asks for. */
  private static void look(TaskStore store) {
    var _ = store.oldestPending();
    for (TaskOrder order : TaskOrder.values()) {
      var _ = store.list(TaskFilter.all(), order, null, 50);
    }
    for (State state : State.values()) {
      var _ = store.list(TaskFilter.all().in(state), TaskOrder.NEWEST, null, 50);
    }
  }

  private static String afterFrom(String sql) {
    return sql.substring(sql.indexOf(" from "));
  }

  private static Task urgent(String id, Work.Way way) {
    return Work.task(id, way, 0).withPriority(1);
  }

  private static void analyze(Place place) throws SQLException {
    try (Connection connection = place.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  private static boolean isQuestion(String sql) {
    String start = sql.strip().toLowerCase(java.util.Locale.ROOT);
    return start.startsWith("select")
        || start.startsWith("update")
        || start.startsWith("delete")
        || start.startsWith("with");
  }

  private static String explain(
      Connection connection, String explain, String sql, Recorder recorder) throws SQLException {
    var plan = new StringBuilder();
    try (PreparedStatement statement = connection.prepareStatement(explain + sql)) {
      recorder.repeat(sql, statement);
      try (ResultSet rows = statement.executeQuery()) {
        int last = rows.getMetaData().getColumnCount();
        while (rows.next()) plan.append(rows.getString(last)).append('\n');
      }
    }
    return plan.toString();
  }

  private static boolean isBad(String plan) {
    if (WHOLE.matcher(plan).find()) return true;
    Matcher sorts = SORT.matcher(plan);
    while (sorts.find()) if (Long.parseLong(sorts.group(1)) > FEW) return true;
    return false;
  }
}
