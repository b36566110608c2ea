package dev.lanyard.app.client;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code lanyard resume}. */
@Command(name = "resume", description = "Lets all nodes start tasks again.")
public final class ResumeCommand extends ClientCommand {
  @Override
  int run(Session session) throws Failure, InterruptedException {
    Fields stats = session.api().post(session.context(), "/api/resume", Map.of());
    if (json) session.json(stats.map());
    else session.line("resumed: the nodes start tasks again");
    return ExitCode.DONE.number();
  }
}
