package dev.lanyard.proofs.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** All tests share a database, and tell each other's tasks apart by their kinds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoredTaskContract extends TaskContract {
  private final Database database;

  StoredTaskContract(Database.Engine engine) {
    database = Place.fresh(engine).open();
  }

  @Override
  public Subject open(Setup setup) {
    return new StoredSubject(Context.background(), database, setup);
  }

  @AfterAll
  void close() {
    database.close();
  }
}
