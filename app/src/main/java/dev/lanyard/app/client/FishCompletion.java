package dev.lanyard.app.client;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for fish, made of the commands as they are. */
final class FishCompletion {
  private final CommandSpec program;
  private final List<String> lines = new ArrayList<>();

  FishCompletion(CommandSpec program) {
    this.program = program;
  }

  List<String> lines() {
    String name = program.name();
    lines.add("# fish completion of " + name + ", made by: " + name + " completion fish");
    lines.add("complete -c " + name + " -f");
    String none = "__fish_use_subcommand";
    options(program, none);
    program
        .subcommands()
        .forEach((command, line) -> {
          if (line.getCommandSpec().usageMessage().hidden()) return;
          lines.add(start(none) + " -a " + quoted(command) + description(summary(line)));
          String in = "__fish_seen_subcommand_from " + command;
          options(line.getCommandSpec(), in);
          parameters(line.getCommandSpec(), in);
        });
    return lines;
  }

  private String start(String condition) {
    return "complete -c " + program.name() + " -n " + quoted(condition);
  }

  private void options(CommandSpec command, String condition) {
    for (OptionSpec option : command.options()) {
      if (option.hidden()) continue;
      StringBuilder line = new StringBuilder(start(condition));
      for (String name : option.names()) {
        line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
      }
      if (option.arity().min() > 0) line.append(" -r");
      values(line, option);
      lines.add(line + description(first(option)));
    }
  }

  private void parameters(CommandSpec command, String condition) {
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      StringBuilder line = new StringBuilder(start(condition));
      int before = line.length();
      values(line, parameter);
      if (line.length() > before) lines.add(line.toString());
    }
    if (command.name().equals("help")) {
      lines.add(
          start(condition) + " -a " + quoted(String.join(" ", program.subcommands().keySet())));
    }
  }

  private static void values(StringBuilder line, ArgSpec argument) {
    if (argument.paramLabel().equals("FILE")) line.append(" -F");
    if (argument.completionCandidates() == null) return;
    List<String> values = new ArrayList<>();
    argument.completionCandidates().forEach(values::add);
    if (!values.isEmpty()) line.append(" -a ").append(quoted(String.join(" ", values)));
  }

  private static String summary(CommandLine line) {
    String[] description = line.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static String first(OptionSpec option) {
    String[] description = option.description();
    return description.length == 0 ? "" : description[0];
  }

  private static String description(String text) {
    String plain = text.replaceAll("\\s*\\(default:.*", "");
    return plain.isEmpty() ? "" : " -d " + quoted(plain);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
