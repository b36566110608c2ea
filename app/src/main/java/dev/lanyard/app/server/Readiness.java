package dev.lanyard.app.server;

import dev.lanyard.durable.Database;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether this server should be sent requests. Only goes forward. */
final class Readiness {
  enum Phase {
    /** The database is not open yet. */
    STARTING,
    /** It answers and works. */
    READY,
    /** It lets running tasks end and takes no more. */
    DRAINING
  }

  private volatile Phase phase = Phase.STARTING;
  private volatile @Nullable Database database;

  void ready(Database opened) {
    database = opened;
    phase = Phase.READY;
  }

  void draining() {
    phase = Phase.DRAINING;
  }

  boolean isDraining() {
    return phase == Phase.DRAINING;
  }

  /** For {@code /healthz}: that it is asked at all says that the process lives. */
  Answer health() {
    return Answer.json(json -> json.writeStringProperty("status", "ok"));
  }

  /** For {@code /readyz}. Asks the database, which may take two seconds if it is lost. */
  Answer answer() {
    Phase now = phase;
    Database opened = database;
    String reason =
        switch (now) {
          case STARTING -> "the database is being opened";
          case DRAINING -> "the server is shutting down";
          case READY ->
              opened != null && opened.isReachable() ? null : "the database does not answer";
        };
    return Answer.json(
        reason == null ? 200 : 503,
        json -> {
          boolean lost = now == Phase.READY && reason != null;
          json.writeStringProperty(
              "status", lost ? "unavailable" : now.name().toLowerCase(Locale.ROOT));
          Json.text(json, "reason", reason);
        });
  }
}
