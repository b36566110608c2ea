package dev.lanyard.proofs.tasks;

import dev.lanyard.context.Context;

class MemoryTaskTest extends TaskContract {
  @Override
  public Subject open(Setup setup) {
    return new MemorySubject(Context.background(), setup);
  }
}
