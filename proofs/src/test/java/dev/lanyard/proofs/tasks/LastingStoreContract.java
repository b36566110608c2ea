package dev.lanyard.proofs.tasks;

import dev.lanyard.durable.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** What a user may rely on where tasks last, and the processor in memory has nothing like it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LastingStoreContract
    implements SubmissionContract, SteeringContract, WatchingContract, LastingContract {
  private final Place place;
  private final Database database;

  LastingStoreContract(Database.Engine engine) {
    place = Place.fresh(engine);
    database = place.open();
  }

  @Override
  public Place place() {
    return place;
  }

  @Override
  public Database database() {
    return database;
  }

  @AfterAll
  void close() {
    database.close();
  }
}
