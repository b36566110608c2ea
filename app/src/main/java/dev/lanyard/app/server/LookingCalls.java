package dev.lanyard.app.server;

import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.StoredTask;
import dev.lanyard.durable.TaskFilter;
import dev.lanyard.durable.TaskOrder;
import dev.lanyard.durable.TaskPage;
import dev.lanyard.durable.TaskStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls that look at tasks. */
final class LookingCalls {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 500;
  private static final int LARGEST_TREE = 500;

  /** Counting more takes longer than anybody wants to know it exactly. */
  private static final int COUNTED = 10_000;

  private final TaskStore store;

  LookingCalls(Plant plant) {
    this.store = plant.store();
  }

  Answer list(Call call) throws Problem {
    Query query = call.query();
    TaskFilter filter = Filters.of(query);
    List<TaskOrder> orders = query.constants("order", TaskOrder.values());
    int limit = query.number("limit", 1, LARGEST_PAGE, USUAL_PAGE);
    boolean full = query.flag("full");
    query.check();
    TaskOrder order = orders.isEmpty() ? TaskOrder.NEWEST : orders.getFirst();
    TaskPage page;
    try {
      page = store.list(filter, order, query.text("cursor"), limit);
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "the cursor is none of this list: begin again without one");
    }
    List<StoredTask> tasks = full ? full(page.tasks()) : page.tasks();
    long count = store.count(filter, COUNTED + 1);
    return Answer.json(json -> {
      Json.array(json, "tasks", tasks, task -> TaskJson.task(json, task, full));
      Json.text(json, "next", page.next());
      json.writeNumberProperty("total", Math.min(count, COUNTED));
      if (count > COUNTED) json.writeBooleanProperty("totalIsMore", true);
    });
  }

  /** One that was deleted meanwhile is left out. */
  private List<StoredTask> full(List<StoredTask> tasks) {
    List<StoredTask> full = new ArrayList<>(tasks.size());
    for (StoredTask task : tasks) store.find(task.id()).ifPresent(full::add);
    return full;
  }

  Answer task(Call call) throws Problem {
    return Answer.of(find(call));
  }

  private StoredTask find(Call call) throws Problem {
    Optional<StoredTask> task = store.find(call.id());
    if (task.isEmpty()) throw unknown();
    return task.get();
  }

  private static Problem unknown() {
    return Problem.of(
        404, "unknown-task", "there is no task with this id, or it is no longer kept", List.of());
  }

  Answer tree(Call call) throws Problem {
    List<StoredTask> tree = store.tree(call.id(), LARGEST_TREE + 1);
    if (tree.isEmpty()) throw unknown();
    List<StoredTask> shown = tree.subList(0, Math.min(tree.size(), LARGEST_TREE));
    return Answer.json(json -> {
      Json.array(json, "tasks", shown, task -> TaskJson.task(json, task, false));
      if (shown.size() < tree.size()) json.writeBooleanProperty("more", true);
    });
  }

  Answer events(Call call) throws Problem {
    List<StoredEvent> story = story(call);
    return Answer.json(
        json -> Json.array(json, "events", story, event -> TaskJson.event(json, event)));
  }

  Answer attempts(Call call) throws Problem {
    List<Attempts.Attempt> attempts = Attempts.in(story(call));
    return Answer.json(
        json -> Json.array(json, "attempts", attempts, attempt -> attempt.write(json)));
  }

  private List<StoredEvent> story(Call call) throws Problem {
    List<StoredEvent> story = store.story(call.id());
    if (story.isEmpty()) throw unknown();
    return story;
  }

  Answer output(Call call) throws Problem {
    String output = Output.of(find(call));
    if (output != null) return Answer.text(output);
    throw Problem.of(404, "no-output", "this task has printed nothing that is kept", List.of());
  }
}
