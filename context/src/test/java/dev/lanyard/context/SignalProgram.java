package dev.lanyard.context;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The program to which {@link SignalsTest} sends real signals. One command a line; each has an
 * answer.
 */
final class SignalProgram {
  private final Map<String, Context> contexts = new HashMap<>();

  public static void main(String[] arguments) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> say("hook")));
    new SignalProgram().obey();
  }

  private SignalProgram() {
    contexts.put("root", Context.background().withCancel());
  }

  private static synchronized void say(Object line) {
    System.out.println(line);
  }

  private void obey() throws IOException, InterruptedException {
    say("READY");
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", -1);
      String[] rest = Arrays.copyOfRange(words, 2, words.length);
      say(answer(words[0], words[1], rest));
    }
  }

  private String answer(String command, String name, String[] rest) throws InterruptedException {
    switch (command) {
      case "open" -> {
        String[] signals = Arrays.copyOfRange(rest, 1, rest.length);
        contexts.put(name, Signals.notifyContext(named(rest[0]), signals));
      }
      case "await" -> {
        return named(name).await(Duration.ofSeconds(20)) ? end(name) : "nothing ended " + name;
      }
      case "end" -> {
        return end(name);
      }
      case "close" -> cancellable(name).close();
      case "cancel" -> cancellable(name).cancel();
      case "closeByMany" -> closeByMany(cancellable(name), 10);
      case "handle" -> new NativeSignal(name, () -> say("handled " + name));
      case "churn" -> Thread.ofPlatform().daemon().start(() -> churn(name));
      case "closeAtEnd" -> Thread.ofPlatform().start(() -> closeAtEnd(name));
      case "listeners" -> {
        return "listeners " + ((Scope) named(name)).listeners();
      }
      case "exit" -> System.exit(Integer.parseInt(name));
      default -> throw new IllegalArgumentException(command);
    }
    return "ok";
  }

  private Context named(String name) {
    Context context = contexts.get(name);
    if (context == null) throw new IllegalArgumentException("no context " + name);
    return context;
  }

  private CancellableContext cancellable(String name) {
    return (CancellableContext) named(name);
  }

  private String end(String name) {
    return end(named(name));
  }

  private static String end(Context context) {
    ContextException err = context.err();
    if (err == null) return "live";
    return err.getClass().getSimpleName() + ": " + err.getMessage() + " <- " + cause(err);
  }

  private static String cause(ContextException err) {
    @Nullable Throwable cause = err.getCause();
    return switch (cause) {
      case null -> "nothing";
      case SignalException it -> it.signal() + " " + it.exitCode() + " " + it.getMessage();
      case Throwable other -> other.getClass().getSimpleName() + " " + other.getMessage();
    };
  }

  private static void closeByMany(CancellableContext context, int many)
      throws InterruptedException {
    var start = new CountDownLatch(many);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                start.countDown();
                while (start.getCount() > 0) Thread.onSpinWait();
                context.close();
              }));
    }
    for (Thread each : threads) each.join();
  }

  /** Opens and closes for ever; says so when a signal was the end. */
  private static void churn(String signal) {
    while (true) {
      var context = Signals.notifyContext(Context.background(), signal);
      Thread.onSpinWait();
      context.close();
      if (context.cause() instanceof SignalException) say("ended " + signal);
    }
  }

  private void closeAtEnd(String name) {
    try {
      named(name).await();
    } catch (InterruptedException unexpected) {
      say(unexpected);
    }
    say(end(name));
    cancellable(name).close();
  }
}
