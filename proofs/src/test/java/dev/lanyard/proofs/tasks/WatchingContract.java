package dev.lanyard.proofs.tasks;

import static dev.lanyard.proofs.tasks.SubmittingContract.awaited;
import static dev.lanyard.proofs.tasks.SubmittingContract.fail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.context.Registration;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.Submission;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.durable.TaskOrder;
import dev.lanyard.durable.TaskPage;
import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import dev.lanyard.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Lists, stories, events, counts, nodes. */
interface WatchingContract extends StoreContract {
  @Test
  @DisplayName(
      "issue 6, events: the story of a task is complete, and the feed tells it in order, once")
  default void events() throws Exception {
    List<StoredEvent> told = new CopyOnWriteArrayList<>();
    try (StoredSubject node = node()) {
      long last = store().lastEvent();
      Task task =
          node.task("twice", attempt -> attempt.number() == 1 ? fail("the first time") : "at last")
              .withRetry(new Retry(2, Duration.ofMillis(10), Duration.ofMillis(10)));
      Registration listening = store().listen(last, event -> told.add(event));
      assertThat(node.run(task).state()).isEqualTo(State.COMPLETED);
      List<StoredEvent> story = store().story(task.id());
      assertThat(story)
          .extracting(StoredEvent::type)
          .containsExactly(
              StoredEvent.Type.SUBMITTED,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.RETRYING,
              StoredEvent.Type.STARTED,
              StoredEvent.Type.COMPLETED);
      assertThat(story).extracting(StoredEvent::attempt).containsExactly(0, 1, 1, 2, 2);
      assertThat(story)
          .extracting(StoredEvent::state)
          .containsExactly(
              State.PENDING, State.RUNNING, State.RETRYING, State.RUNNING, State.COMPLETED);
      assertThat(story.get(2).text()).contains("the first time");
      assertThat(story).extracting(StoredEvent::id).isSorted().doesNotHaveDuplicates();
      assertThat(story).extracting(StoredEvent::at).isSorted();
      Eventually.holds("all is told", () -> kept(told, task).size() >= story.size());
      listening.stop();
      assertThat(kept(told, task)).isEqualTo(ids(story));
      assertThat(ids(store().eventsAfter(last, 100_000), task)).isEqualTo(ids(story));
      assertThat(store().firstEvent()).isPositive().isLessThanOrEqualTo(story.get(0).id());
      assertThat(store().lastEvent()).isGreaterThanOrEqualTo(story.getLast().id());
    }
  }

  private static List<Long> kept(List<StoredEvent> events, Task task) {
    return ids(
        events.stream().filter(event -> event.type() != StoredEvent.Type.PROGRESS).toList(), task);
  }

  private static List<Long> ids(List<StoredEvent> events, Task task) {
    return ids(events.stream().filter(event -> event.task().equals(task.id())).toList());
  }

  private static List<Long> ids(List<StoredEvent> events) {
    return events.stream().map(StoredEvent::id).toList();
  }

  @Test
  @DisplayName("issue 6, lists: pages in each order hold every task once")
  default void pages() {
    var script = new Script();
    List<Submission> all = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      all.add(Submission.of(script.task("n" + i % 5, _ -> null).withPriority(1 + i % 4)));
    }
    store().submitAll(all);
    List<String> expected = all.stream().map(each -> each.task().id()).toList();
    TaskFilter mine = TaskFilter.all().ofKind(script.kind.name());
    for (TaskOrder order : TaskOrder.values()) {
      List<StoredTask> found = new ArrayList<>();
      String cursor = null;
      int pages = 0;
      do {
        TaskPage page = store().list(mine, order, cursor, 5);
        found.addAll(page.tasks());
        cursor = page.next();
        assertThat(++pages).isLessThan(10);
      } while (cursor != null);
      assertThat(found)
          .extracting(StoredTask::id)
          .as("%s", order)
          .hasSize(23)
          .hasSameElementsAs(expected);
      if (order == TaskOrder.URGENT) {
        assertThat(found).extracting(StoredTask::priority).isSorted();
      }
    }
    assertThat(store().list(mine.named("n3"), TaskOrder.NEWEST, null, 100).tasks()).hasSize(4);
    assertThat(store().count(mine, 10)).isEqualTo(10);
    assertThat(store().count(mine, 100)).isEqualTo(23);
    String id = expected.get(7);
    assertThat(
            store()
                .list(
                    mine.containing(id.toUpperCase(java.util.Locale.ROOT)),
                    TaskOrder.DUE,
                    null,
                    100)
                .tasks())
        .extracting(StoredTask::id)
        .contains(id);
    assertThatThrownBy(() -> store().list(mine, TaskOrder.DUE, "no cursor", 5))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName(
      "issue 6, lists: text that a database could take for a pattern or for SQL is only text")
  default void textIsText() {
    var script = new Script();
    String odd = "50% _o'f\\ \"it\"; drop table lanyard_task --";
    Task task = script.task(odd, _ -> null);
    Task plain = script.task("50x yo", _ -> null);
    store().submitAll(List.of(Submission.of(task), Submission.of(plain)));
    TaskFilter mine = TaskFilter.all().ofKind(script.kind.name());
    for (String text : List.of("50% _", "'f\\", "\"it\"", "; drop", odd)) {
      assertThat(store().list(mine.containing(text), TaskOrder.NEWEST, null, 10).tasks())
          .as(text)
          .extracting(StoredTask::id)
          .containsExactly(task.id());
    }
    assertThat(store().list(mine.named(odd), TaskOrder.NEWEST, null, 10).tasks()).hasSize(1);
  }

  @Test
  @DisplayName("issue 6, trees: the whole tree, from any task in it, each after its parent")
  default void trees() {
    var script = new Script();
    List<Submission> all = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      Task task = script.task("n" + i, _ -> null).withParent(i == 0 ? null : ids.get((i - 1) / 2));
      ids.add(task.id());
      all.add(Submission.of(task));
    }
    store().submitAll(all);
    List<StoredTask> tree = store().tree(ids.get(9), 100);
    assertThat(tree).extracting(StoredTask::id).hasSize(15).hasSameElementsAs(ids);
    var before = new HashSet<String>();
    for (StoredTask task : tree) {
      if (task.parent() != null) assertThat(before).contains(task.parent());
      before.add(task.id());
      assertThat(task.root()).isEqualTo(ids.get(0));
    }
    assertThat(store().tree("nobody", 10)).isEmpty();
    TaskFilter below = TaskFilter.all().below(ids.get(1));
    assertThat(store().count(below, 100)).isEqualTo(7);
    assertThat(store().count(TaskFilter.all().childrenOf(ids.get(1)), 100)).isEqualTo(2);
  }

  @Test
  @DisplayName("issue 6, trees: ids that begin alike, or differ by case only, are not each other's")
  default void likeIds() {
    var script = new Script();
    String id = script.task("x", _ -> null).id();
    for (String each : List.of(id, id + "-a", id + "-A", id + "_", id + ".", id + ":")) {
      store().submit(Submission.of(script.task("top", _ -> null).withId(each)));
      store().submit(Submission.of(script.task("child", _ -> null).withParent(each)));
    }
    store().cancel(id + "-a", dev.lanyard.durable.Cancellation.withoutCause());
    TaskFilter mine = TaskFilter.all().ofKind(script.kind.name());
    assertThat(store().count(mine.in(State.CANCELLED), 100)).isEqualTo(2);
    assertThat(store().tree(id, 100)).hasSize(2);
  }

  @Test
  @DisplayName("issue 6, nodes and counts: what runs where")
  default void nodesAndCounts() throws Exception {
    try (StoredSubject node = node()) {
      var go = new CountDownLatch(1);
      Task task = node.task("runs", _ -> awaited(go));
      long before = store().counts().of(State.COMPLETED);
      node.submit(task);
      Eventually.holds("it runs", () -> node.state(task.id()) == State.RUNNING);
      String id = node.processor().nodeId();
      assertThat(store().find(task.id()).orElseThrow().node()).isEqualTo(id);
      Eventually.holds(
          "its node is listed with it",
          () ->
              store().nodes().stream()
                  .anyMatch(each -> each.id().equals(id) && each.running() == 1));
      assertThat(store().counts().of(State.RUNNING)).isPositive();
      assertThat(store().count(TaskFilter.all().onNode(id).in(State.RUNNING), 10)).isEqualTo(1);
      go.countDown();
      assertThat(node.await(task.id()).state()).isEqualTo(State.COMPLETED);
      Eventually.holds("it is counted", () -> store().counts().of(State.COMPLETED) >= before + 1);
      assertThat(store().series(Duration.ofSeconds(60), 5)).hasSize(5);
    }
    Task waits = new Script().task("waits", _ -> null);
    store().submit(Submission.of(waits));
    assertThat(store().oldestPending()).isPresent();
  }
}
