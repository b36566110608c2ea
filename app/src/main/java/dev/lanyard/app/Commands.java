package dev.lanyard.app;

import dev.lanyard.app.client.CancelCommand;
import dev.lanyard.app.client.CompletionCommand;
import dev.lanyard.app.client.ExtendCommand;
import dev.lanyard.app.client.ListCommand;
import dev.lanyard.app.client.ManCommand;
import dev.lanyard.app.client.NodesCommand;
import dev.lanyard.app.client.PauseCommand;
import dev.lanyard.app.client.ResumeCommand;
import dev.lanyard.app.client.RetryCommand;
import dev.lanyard.app.client.ShowCommand;
import dev.lanyard.app.client.StatsCommand;
import dev.lanyard.app.client.SubmitCommand;
import dev.lanyard.app.client.TopCommand;
import dev.lanyard.app.client.WatchCommand;
import dev.lanyard.app.gateway.GatewayCommand;
import dev.lanyard.app.run.RunCommand;
import dev.lanyard.app.server.DoctorCommand;
import dev.lanyard.app.server.ServeCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The commands of the program, in the order of the help. Picocli would look at the annotations of
 * all of them whichever is asked for; here it looks at the one whose name is typed, which is half
 * the time that a short command takes.
 */
final class Commands {
  private static final Map<String, Class<?>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("run", RunCommand.class);
    ALL.put("serve", ServeCommand.class);
    ALL.put("submit", SubmitCommand.class);
    ALL.put("ls", ListCommand.class);
    ALL.put("show", ShowCommand.class);
    ALL.put("watch", WatchCommand.class);
    ALL.put("cancel", CancelCommand.class);
    ALL.put("extend", ExtendCommand.class);
    ALL.put("retry", RetryCommand.class);
    ALL.put("pause", PauseCommand.class);
    ALL.put("resume", ResumeCommand.class);
    ALL.put("nodes", NodesCommand.class);
    ALL.put("stats", StatsCommand.class);
    ALL.put("top", TopCommand.class);
    ALL.put("gateway", GatewayCommand.class);
    ALL.put("doctor", DoctorCommand.class);
    ALL.put("completion", CompletionCommand.class);
    ALL.put("man", ManCommand.class);
    ALL.put("help", HelpCommand.class);
  }

  /** These speak of all the others. */
  private static final Set<String> KNOWING = Set.of("completion", "man", "help");

  private Commands() {}

  /** The program with the commands that these arguments can mean. */
  static CommandLine program(Main main, String... arguments) {
    CommandLine program = new CommandLine(main);
    String first = arguments.length == 0 ? "" : arguments[0];
    if (ALL.containsKey(first) && !KNOWING.contains(first)) add(program, first);
    else ALL.keySet().forEach(name -> add(program, name));
    // "@x" is a file of arguments to picocli, and to everybody else the text that it is.
    return program.setExpandAtFiles(false);
  }

  private static void add(CommandLine program, String name) {
    program.addSubcommand(name, ALL.get(name));
  }
}
