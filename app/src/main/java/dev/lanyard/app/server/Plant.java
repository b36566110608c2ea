package dev.lanyard.app.server;

import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.TaskStore;

/** What there is once the database is open: calls are answered from here. */
record Plant(
    ServeSettings settings,
    Database database,
    DurableProcessor processor,
    LiveStats stats,
    EventFeed feed,
    TaskMeters meters,
    Readiness readiness) {
  TaskStore store() {
    return database.store();
  }
}
