package dev.lanyard.proofs.tasks;

import dev.lanyard.durable.Database;

class PostgresTaskTest extends StoredTaskContract {
  PostgresTaskTest() {
    super(Database.Engine.POSTGRESQL);
  }
}
