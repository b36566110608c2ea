package dev.lanyard.app.run;

import java.util.List;

/**
 * Ends the processes below this one when the program ends without having seen its tasks off: at a
 * second signal, or when the terminal is closed. The tasks themselves are gentler, but nobody waits
 * for them then.
 */
public final class Leftovers implements AutoCloseable {
  /** A command that is just starting one of its own may need another look. */
  private static final int ROUNDS = 3;

  private final Thread hook =
      Thread.ofPlatform().name("lanyard-leftovers").unstarted(Leftovers::end);

  public Leftovers() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private static void end() {
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
      if (left.isEmpty()) return;
      left.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** The tasks have ended by themselves and left nothing. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The program is ending: the hook is at work.
    }
  }
}
