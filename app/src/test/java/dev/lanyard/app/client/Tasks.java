package dev.lanyard.app.client;

import java.util.List;

/** Tasks and events as the API writes them. */
final class Tasks {
  private Tasks() {}

  static String task(String id, String name, String state) {
    boolean over = TaskFacts.isOver(state);
    boolean started = over || state.equals("running");
    return """
    {"id":"%s","name":"%s","kind":"sleep","payload":{"duration":"PT2S"},"state":"%s","priority":1,
    "critical":false,"parent":null,"root":"%s","children":0,"attempt":%d,"maxAttempts":3,
    "timeoutMs":5000,"progress":%d,"createdAt":"2026-11-27T22:09:50.000Z",
    "runAt":"2026-11-27T22:09:55.000Z","startedAt":%s,"finishedAt":%s,"deadline":%s,
    "node":"n1","requestId":"req-7","error":%s,"futureField":[1,2.50]}\
    """
        .replace("\n", "")
        .formatted(
            id,
            name,
            state,
            id,
            started ? 1 : 0,
            state.equals("running") ? 42 : 0,
            started ? "\"2026-11-27T22:09:57.000Z\"" : "null",
            over ? "\"2026-11-27T22:09:59.000Z\"" : "null",
            state.equals("running") ? "\"2026-11-27T22:10:02.000Z\"" : "null",
            state.equals("failed") ? "\"disk full\"" : "null");
  }

  static String page(String... tasks) {
    return "{\"tasks\":["
        + String.join(",", tasks)
        + "],\"next\":null,\"total\":"
        + tasks.length
        + "}";
  }

  static String page(String next, long total, List<String> tasks) {
    return "{\"tasks\":["
        + String.join(",", tasks)
        + "],\"next\":\""
        + next
        + "\",\"total\":"
        + total
        + "}";
  }

  static String event(String task, String name, String type, String state, String request) {
    return """
    {"at":"2026-11-27T22:09:58.000Z","task":"%s","type":"%s","state":"%s","attempt":1,"node":"n1",
    "text":null,"name":"%s","kind":"sleep","root":"%s","priority":1,"progress":0,
    "deadline":"2026-11-27T22:10:03.000Z","requestId":"%s"}\
    """
        .replace("\n", "")
        .formatted(task, type, state, name, task, request);
  }

  static String stats() {
    return """
    {"states":{"scheduled":0,"pending":3,"running":2,"retrying":0,"completed":120,"failed":4,
    "cancelled":1,"timed_out":0},"paused":false,"oldestPendingMs":1200,"running":2,"slots":3,
    "throughput":{"submitted":1.25,"finished":1.1},"latency":{"p50Ms":20,"p95Ms":80,"p99Ms":1200},
    "version":"0.1.0","now":"2026-11-27T22:10:00.000Z","store":"sqlite","node":"n1"}\
    """
        .replace("\n", "");
  }
}
