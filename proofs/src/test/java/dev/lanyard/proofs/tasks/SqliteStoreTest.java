package dev.lanyard.proofs.tasks;

import dev.lanyard.durable.Database;

class SqliteStoreTest extends LastingStoreContract {
  SqliteStoreTest() {
    super(Database.Engine.SQLITE);
  }
}
