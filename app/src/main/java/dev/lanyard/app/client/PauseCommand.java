package dev.lanyard.app.client;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code lanyard pause}. */
@Command(name = "pause", description = "Stops all nodes from starting tasks; what runs goes on.")
public final class PauseCommand extends ClientCommand {
  @Override
  int run(Session session) throws Failure, InterruptedException {
    Fields stats = session.api().post(session.context(), "/api/pause", Map.of());
    if (json) session.json(stats.map());
    else session.line("paused: no node starts tasks until: lanyard resume");
    return ExitCode.DONE.number();
  }
}
