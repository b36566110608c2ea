package dev.lanyard.app.client;

import dev.lanyard.tasks.State;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code lanyard retry}: tasks that did not complete run again. */
@Command(
    name = "retry",
    description = "Runs tasks again that failed, timed out or were cancelled; attempts start anew.")
public final class RetryCommand extends BulkCommand {
  @Override
  String verb() {
    return "retry";
  }

  @Override
  String done() {
    return "queued again:";
  }

  @Override
  String counted() {
    return "retried";
  }

  @Override
  List<String> states() {
    return States.which(state -> state.isTerminal() && state != State.COMPLETED);
  }
}
