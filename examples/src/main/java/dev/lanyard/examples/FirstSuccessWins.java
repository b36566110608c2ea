package dev.lanyard.examples;

import dev.lanyard.context.Context;
import dev.lanyard.context.Group;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** The same question to three mirrors: one fails, one hangs, one answers. */
final class FirstSuccessWins {
  static void main() throws ExecutionException, InterruptedException {
    // @start region="guide"
    List<Callable<String>> mirrors =
        List.of(
            () -> {
              throw new IOException("Oslo is down");
            },
            () -> {
              Context.current().sleep(Duration.ofHours(1)); // cancelled as soon as another answers
              return "Rome";
            },
            () -> "Lima");

    IO.println("answered by " + Group.first(Context.background(), mirrors));
    // @end
  }
}

// Output:
// answered by Lima
