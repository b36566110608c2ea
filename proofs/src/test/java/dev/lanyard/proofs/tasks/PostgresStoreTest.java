package dev.lanyard.proofs.tasks;

import dev.lanyard.durable.Database;

class PostgresStoreTest extends LastingStoreContract {
  PostgresStoreTest() {
    super(Database.Engine.POSTGRESQL);
  }
}
