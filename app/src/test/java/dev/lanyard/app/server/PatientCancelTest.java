package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Cancellation;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.tasks.RefusedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: what a client leaves behind ends, also when the database is away for a moment. */
class PatientCancelTest {
  private static final Cancellation WHY = new Cancellation(BoundTasks.LEFT, "request r");

  @TempDir Path directory;
  private final Map<String, Integer> tries = new ConcurrentHashMap<>();

  private StoreException failure() {
    Database database = Database.sqlite(directory.resolve("closed.db"));
    TaskStore store = database.store();
    database.close();
    return catchThrowableOfType(StoreException.class, store::pause);
  }

  @Test
  @DisplayName("a task that the database failed for holds up no other, and is tried again")
  void again() throws Exception {
    StoreException failure = failure();
    List<String> ids = IntStream.range(0, 450).mapToObj(i -> "t" + i).toList();
    var cancel =
        new PatientCancel((id, why) -> {
          assertThat(why).isEqualTo(WHY);
          int tried = tries.merge(id, 1, Integer::sum);
          if (id.endsWith("7") && tried < 3) throw failure;
          if (id.equals("t8")) {
            throw new RefusedException(RefusedException.Reason.ENDED, "it has ended", null);
          }
        });
    cancel.all(Context.background(), ids, WHY);
    assertThat(tries).hasSize(ids.size());
    assertThat(tries.get("t0")).isEqualTo(1);
    assertThat(tries.get("t8")).as("one that has ended needs no second try").isEqualTo(1);
    assertThat(tries.get("t7")).isEqualTo(3);
    assertThat(tries.get("t447")).isEqualTo(3);
  }
}
