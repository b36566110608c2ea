package dev.lanyard.app.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lanyard cancel}: tasks and all below them. */
@Command(
    name = "cancel",
    description = "Cancels tasks and everything below them, waiting or running.")
public final class CancelCommand extends BulkCommand {
  @Option(
      names = "--cause",
      paramLabel = "TEXT",
      description = "Why; it is shown wherever the task is.")
  private @Nullable String cause;

  @Override
  String verb() {
    return "cancel";
  }

  @Override
  String done() {
    return "canceled";
  }

  @Override
  String counted() {
    return "cancelled";
  }

  @Override
  List<String> states() {
    return States.which(state -> !state.isTerminal());
  }

  @Override
  Map<String, Object> details() {
    return cause == null ? Map.of() : Map.of("cause", cause);
  }
}
