package dev.lanyard.tasks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small process beside this program that kills the commands which are still running when the
 * program ends in whichever way, also by {@code kill -9}: the end of its input tells it. One for
 * the whole program, begun with its first command; Linux only, as the sessions that it kills.
 *
 * <p>Rejected: asking the kernel for a signal at the parent's death. It is sent when the
 * <i>thread</i> ends that began the command.
 */
final class LastWill {
  /**
   * Keeps the list of sessions that it is told; what is on it at the end of the input is killed.
   */
  private static final String SCRIPT =
      """
      left=
      while read -r change; do
        pid=${change#?}
        case $change in
          +*) left="$left $pid" ;;
          -*) others=
              for each in $left; do [ "$each" = "$pid" ] || others="$others $each"; done
              left=$others ;;
        esac
      done
      for pid in $left; do kill -s KILL -- "-$pid" 2>/dev/null; done
      """;

  private static final LastWill OF_THIS_PROGRAM = new LastWill();

  private @Nullable OutputStream heir;
  private boolean refused;

  private LastWill() {}

  static void add(long session) {
    OF_THIS_PROGRAM.tell("+" + session);
  }

  static void remove(long session) {
    OF_THIS_PROGRAM.tell("-" + session);
  }

  /**
   * Without an heir commands run all the same: they are then only ended by a program that lives.
   */
  private synchronized void tell(String change) {
    if (refused || !Session.isSupported()) return;
    try {
      OutputStream to = heir;
      if (to == null) {
        to = begin();
        heir = to;
      }
      to.write((change + "\n").getBytes(StandardCharsets.US_ASCII));
      to.flush();
    } catch (IOException noHeir) {
      refused = true;
    }
  }

  /** In a session of its own, where the signals of the terminal do not reach it. */
  private static OutputStream begin() throws IOException {
    return new ProcessBuilder(Session.command(List.of("/bin/sh", "-c", SCRIPT)))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .getOutputStream();
  }
}
