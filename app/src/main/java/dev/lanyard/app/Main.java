package dev.lanyard.app;

import dev.lanyard.app.gateway.GatewayCommand;
import dev.lanyard.app.run.RunCommand;
import dev.lanyard.app.server.DoctorCommand;
import dev.lanyard.app.server.PracticeCommand;
import dev.lanyard.app.server.ServeCommand;
import dev.lanyard.app.terminal.ProgramVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program: {@code lanyard run FILE}, {@code lanyard serve}, {@code lanyard gateway FILE},
 * {@code lanyard doctor}, {@code lanyard --version}, {@code lanyard help}.
 */
@Command(
    name = "lanyard",
    description =
        "Runs tasks that stop at their deadline and at Ctrl+C; serves them from a database; puts"
            + " deadlines before services.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      ServeCommand.class,
      GatewayCommand.class,
      DoctorCommand.class,
      PracticeCommand.class,
      HelpCommand.class
    })
public final class Main implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  private Main() {}

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
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
