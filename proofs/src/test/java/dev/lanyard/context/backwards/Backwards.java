package dev.lanyard.context.backwards;

import dev.lanyard.proofs.Cause;
import org.assertj.core.api.Assertions;

/** Wrong on purpose: an arrow back, to a module of ours and to a library. */
final class Backwards {
  private Backwards() {}

  static Object arrow() {
    return Assertions.assertThat(new Cause("backwards"));
  }
}
