package dev.lanyard.app.server;

import dev.lanyard.durable.Node;
import dev.lanyard.durable.SeriesPoint;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.TaskStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Calls about the whole: nodes, figures, pause. */
final class OverviewCalls {
  private static final int USUAL_MINUTES = 60;
  private static final int MOST_MINUTES = 7 * 24 * 60;

  /** As many as a chart has room for. */
  private static final int MOST_POINTS = 240;

  private final Plant plant;
  private final TaskStore store;

  OverviewCalls(Plant plant) {
    this.plant = plant;
    this.store = plant.store();
  }

  Answer nodes(Call call) {
    List<Node> nodes = store.nodes();
    return Answer.json(json -> Json.array(json, "nodes", nodes, node -> node(json, node)));
  }

  private void node(JsonGenerator json, Node node) {
    json.writeStringProperty("id", node.id());
    json.writeStringProperty("host", node.host());
    json.writeNumberProperty("pid", node.pid());
    Json.moment(json, "startedAt", node.startedAt());
    Json.moment(json, "heartbeatAt", node.heartbeatAt());
    json.writeNumberProperty("slots", node.slots());
    json.writeNumberProperty("running", node.running());
    json.writeStringProperty("state", node.status().toString());
    json.writeStringProperty("version", node.version());
    json.writeBooleanProperty("self", node.id().equals(plant.processor().nodeId()));
  }

  Answer stats(Call call) {
    return Answer.json(plant.stats().recent()::write);
  }

  Answer series(Call call) throws Problem {
    Query query = call.query();
    int minutes = query.number("minutes", 1, MOST_MINUTES, USUAL_MINUTES);
    query.check();
    int minutesOfStep = (minutes + MOST_POINTS - 1) / MOST_POINTS;
    Duration step = Duration.ofMinutes(minutesOfStep);
    List<SeriesPoint> points = store.series(step, minutes / minutesOfStep);
    return Answer.json(json -> {
      Json.milliseconds(json, "stepMs", step);
      Json.array(json, "points", points, point -> point(json, point));
    });
  }

  private static void point(JsonGenerator json, SeriesPoint point) {
    Json.moment(json, "at", point.at());
    json.writeNumberProperty("submitted", point.submitted());
    json.writeNumberProperty("completed", point.completed());
    json.writeNumberProperty("failed", point.failed());
    json.writeNumberProperty("cancelled", point.cancelled());
    json.writeNumberProperty("timedOut", point.timedOut());
    json.writeNumberProperty("retries", point.retries());
    Json.milliseconds(json, "p50Ms", point.p50());
    Json.milliseconds(json, "p95Ms", point.p95());
  }

  Answer pause(Call call) throws IOException, Problem {
    call.readObject(Set.of(), (_, _) -> true);
    store.pause();
    return figures("no node takes tasks any more");
  }

  Answer resume(Call call) throws IOException, Problem {
    call.readObject(Set.of(), (_, _) -> true);
    store.resume();
    return figures("nodes take tasks again");
  }

  private Answer figures(String done) throws Problem {
    try {
      return Answer.json(plant.stats().now()::write);
    } catch (StoreException failure) {
      throw Problem.of(
          failure, done + ", but the database does not give the figures: GET /api/stats has them");
    }
  }
}
