package dev.lanyard.proofs.tasks;

import dev.lanyard.durable.Database;

class SqliteTaskTest extends StoredTaskContract {
  SqliteTaskTest() {
    super(Database.Engine.SQLITE);
  }
}
