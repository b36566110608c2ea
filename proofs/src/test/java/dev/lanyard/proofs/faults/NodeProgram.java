package dev.lanyard.proofs.faults;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Signals;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.Submission;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A node in a process of its own, that can be killed. It does what it reads, a command on a line,
 * and says on its output what happens, a line each. When its input ends it is gone.
 */
final class NodeProgram {
  private static final Object OUTPUT = new Object();

  private NodeProgram() {}

  /** The arguments: URL, user, password, workers, whether to listen, grace in milliseconds. */
  public static void main(String[] arguments) throws InterruptedException {
    String user = arguments[1].isEmpty() ? null : arguments[1];
    String password = arguments[2].isEmpty() ? null : arguments[2];
    try (CancellableContext ctx = Signals.notifyContext(Context.background());
        Database database = Database.open(arguments[0], user, password);
        DurableProcessor node =
            DurableProcessor.start(
                ctx,
                database,
                settings ->
                    settings
                        .withWorkers(Integer.parseInt(arguments[3]))
                        .withListen(Boolean.parseBoolean(arguments[4]))
                        .withGrace(Duration.ofMillis(Long.parseLong(arguments[5])))
                        .withMaxTimeout(Work.LONG)
                        .withOnlyKinds(Work.kind("process", NodeProgram::print)))) {
      print("READY " + node.nodeId());
      Thread.ofPlatform().daemon().name("commands").start(() -> obey(node));
      ctx.await();
      print("CLOSING");
    }
    print("CLOSED");
    Runtime.getRuntime().halt(0);
  }

  private static void obey(DurableProcessor node) {
    try (var commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "submit" -> Thread.ofPlatform().daemon().start(() -> submit(node, words));
          case "release" -> Work.release(words[1]);
          case "stats" -> print("STATS " + node.stats());
          default -> print("WHAT? " + line);
        }
      }
    } catch (IOException closed) {
      // As the end of the input.
    }
    Runtime.getRuntime().halt(3);
  }

  /**
   * As {@code submit PREFIX COUNT WAY MILLIS}: one after the other, each in its own transaction.
   */
  private static void submit(DurableProcessor node, String[] words) {
    int count = Integer.parseInt(words[2]);
    Work.Way way = Work.Way.valueOf(words[3].toUpperCase(Locale.ROOT));
    for (int i = 0; i < count; i++) {
      String id = words[1] + i;
      print("TRY " + id);
      try {
        node.submit(Submission.of(Work.task(id, way, Long.parseLong(words[4]))));
        print("ACK " + id);
      } catch (StoreException refused) {
        print("NAK " + id + " " + refused.isUnknown() + " " + refused.getMessage());
      }
    }
    print("SUBMITTED " + words[1]);
  }

  private static void print(String line) {
    synchronized (OUTPUT) {
      System.out.println(line);
      System.out.flush();
    }
  }
}
