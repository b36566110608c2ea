package dev.lanyard.tasks;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A command and all processes that come of it. All waits are on the system's clock, whatever the
 * task's is: processes know no other.
 */
final class ProcessTree {
  private static final Duration POLL = Duration.ofMillis(10);

  /** How long KILL may take: only a process that hangs in the kernel needs that long. */
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(3);

  /** How long to wait for the end of the output once all processes are gone. */
  private static final Duration OUTPUT_PATIENCE = Duration.ofMillis(500);

  private final Process root;
  private final ProcessOutput output;

  /** Whoever was seen in the tree: it may lose its parents later. */
  private final Set<ProcessHandle> seen = new HashSet<>();

  /** Whoever was sent TERM: once is enough. */
  private final Set<ProcessHandle> asked = new HashSet<>();

  private ProcessTree(Process root, int maxOutputBytes) {
    this.root = root;
    seen.add(root.toHandle());
    output = ProcessOutput.read(root, maxOutputBytes);
  }

  /** {@code withheld} are variables of this process that the command does not get. */
  static ProcessTree start(Exec work, Set<String> withheld) throws IOException {
    var builder = new ProcessBuilder(Session.command(work.command())).redirectErrorStream(true);
    withheld.forEach(builder.environment()::remove);
    builder.environment().putAll(work.environment());
    if (work.directory() != null) builder.directory(work.directory().toFile());
    Process root = builder.start();
    LastWill.add(root.pid());
    var tree = new ProcessTree(root, work.maxOutputBytes());
    root.getOutputStream().close();
    return tree;
  }

  /** Completes when the command itself has ended. */
  CompletableFuture<Process> exit() {
    return root.onExit();
  }

  /**
   * Ends whatever is left of the tree and gives what was printed. Not interruptible: an interrupt
   * stays set.
   */
  Exec.Output end(Duration grace) {
    boolean interrupted = false;
    Context forever = Context.background();
    try (CancellableContext polite = forever.withTimeout(grace);
        CancellableContext patient = forever.withTimeout(grace.plus(KILL_PATIENCE))) {
      for (List<ProcessHandle> left = living();
          !left.isEmpty() && !patient.isDone();
          left = living()) {
        boolean kill = polite.isDone();
        for (ProcessHandle process : left) {
          if (kill) process.destroyForcibly();
          else if (asked.add(process)) process.destroy();
        }
        interrupted |= pause(POLL, root.isAlive() ? root.onExit() : new CompletableFuture<>());
      }
    }
    if (living().isEmpty()) LastWill.remove(root.pid());
    interrupted |= pause(OUTPUT_PATIENCE, output.complete());
    int exitCode = root.isAlive() ? -1 : root.exitValue();
    Exec.Output printed = output.soFar(exitCode);
    if (interrupted) Thread.currentThread().interrupt();
    return printed;
  }

  /** Waits a little; true if this thread was interrupted meanwhile, which is then taken down. */
  private static boolean pause(Duration longest, CompletableFuture<?> reason) {
    boolean interrupted = Thread.interrupted();
    try (CancellableContext pause = Context.background().withTimeout(longest)) {
      while (true) {
        try {
          pause.await(reason);
          return interrupted;
        } catch (InterruptedException again) {
          interrupted = true;
        } catch (ContextException over) {
          return interrupted;
        }
      }
    }
  }

  private List<ProcessHandle> living() {
    try (Stream<ProcessHandle> below =
        Stream.concat(
            List.copyOf(seen).stream().flatMap(ProcessHandle::descendants),
            Session.members(root.pid()))) {
      below.forEach(seen::add);
    }
    var living = new ArrayList<ProcessHandle>();
    for (ProcessHandle process : seen) if (Session.isRunning(process)) living.add(process);
    return living;
  }
}
