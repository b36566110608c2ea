package dev.lanyard.proofs.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableSettings;
import dev.lanyard.durable.TaskStore;
import dev.lanyard.tasks.RefusedException;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What the parts of the suite of stores that last start from. */
interface StoreContract {
  Place place();

  Database database();

  default TaskStore store() {
    return database().store();
  }

  default StoredSubject node() {
    return node(Setup.USUAL, UnaryOperator.identity());
  }

  default StoredSubject node(Setup setup, UnaryOperator<DurableSettings> more) {
    return new StoredSubject(Context.background(), database(), setup, more);
  }

  static RefusedException.@Nullable Reason refusal(ThrowingCallable call) {
    RefusedException refused = Assertions.catchThrowableOfType(RefusedException.class, call);
    return refused == null ? null : refused.reason();
  }
}
