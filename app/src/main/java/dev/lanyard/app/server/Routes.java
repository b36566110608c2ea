package dev.lanyard.app.server;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/** The table of contents of the interface; {@code openapi.json} describes it. */
final class Routes {
  private Routes() {}

  /** Answers one kind of call. It may block. */
  interface Answering {
    Answer answer(Call call) throws Exception;
  }

  /**
   * One kind of call.
   *
   * @param path with {@code :id} for the id of a task
   * @param isLong whether it may take longer than most
   * @param parameters those of the query; a call that has any checks what it has read of them
   */
  record Route(
      HttpMethod method,
      String path,
      boolean isLong,
      Set<String> parameters,
      Answering answering) {}

  static List<Route> of(Plant plant) {
    var looking = new LookingCalls(plant);
    var steering = new SteeringCalls(plant);
    var overview = new OverviewCalls(plant);
    var submitting = new SubmittingCall(plant);
    return List.of(
        longPost("/api/tasks", Set.of("wait"), submitting),
        get("/api/tasks", Filters.LIST_PARAMETERS, looking::list),
        get("/api/tasks/:id", looking::task),
        get("/api/tasks/:id/tree", looking::tree),
        get("/api/tasks/:id/events", looking::events),
        get("/api/tasks/:id/attempts", looking::attempts),
        get("/api/tasks/:id/output", looking::output),
        longPost("/api/tasks/cancel", Set.of(), steering::cancelAll),
        longPost("/api/tasks/retry", Set.of(), steering::retryAll),
        post("/api/tasks/:id/cancel", steering::cancel),
        post("/api/tasks/:id/extend", steering::extend),
        post("/api/tasks/:id/retry", steering::retry),
        get("/api/nodes", overview::nodes),
        get("/api/stats", overview::stats),
        get("/api/series", Set.of("minutes"), overview::series),
        post("/api/pause", overview::pause),
        post("/api/resume", overview::resume));
  }

  private static Route get(String path, Answering answering) {
    return get(path, Set.of(), answering);
  }

  private static Route get(String path, Set<String> parameters, Answering answering) {
    return new Route(HttpMethod.GET, path, false, parameters, answering);
  }

  private static Route post(String path, Answering answering) {
    return new Route(HttpMethod.POST, path, false, Set.of(), answering);
  }

  private static Route longPost(String path, Set<String> parameters, Answering answering) {
    return new Route(HttpMethod.POST, path, true, parameters, answering);
  }
}
