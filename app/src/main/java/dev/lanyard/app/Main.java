package dev.lanyard.app;

import dev.lanyard.app.terminal.ProgramVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program: {@code lanyard run FILE}, {@code lanyard serve}, {@code lanyard gateway FILE},
 * {@code lanyard doctor}, those that speak to a server ({@code submit}, {@code ls}, ...), {@code
 * lanyard --version}, {@code lanyard help}.
 */
@Command(
    name = "lanyard",
    description =
        "Runs tasks that stop at their deadline and at Ctrl+C; serves them from a database; puts"
            + " deadlines before services.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  Main() {}

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"lanyard " + ProgramVersion.text()};
    }
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    CommandSpec command = spec;
    if (command != null) throw new ParameterException(command.commandLine(), "Which command?");
  }

  /**
   * Runs the program and ends the process.
   *
   * @param arguments as typed
   */
  public static void main(String... arguments) {
    System.exit(Commands.program(new Main(), arguments).execute(arguments));
  }
}
