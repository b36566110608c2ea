package dev.lanyard.app.client;

import dev.lanyard.app.input.Visible;
import dev.lanyard.app.terminal.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanyard man}: manual pages of the commands as they are. */
@Command(
    name = "man",
    sortOptions = false,
    description = "Prints a manual page, or writes all of them into a directory.",
    footerHeading = "%nFor example:%n",
    footer = {"  lanyard man submit | man -l -", "  lanyard man --to ~/.local/share/man/man1"})
public final class ManCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "Which command (default: the program).")
  private @Nullable String command;

  @Option(names = "--to", paramLabel = "DIRECTORY", description = "Write all pages there.")
  private @Nullable Path directory;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Spec private @Nullable CommandSpec spec;

  Surroundings surroundings = Surroundings.ofProcess();

  @Override
  public Integer call() {
    CommandSpec self = spec;
    if (self == null) throw new IllegalStateException("not made by the command line");
    CommandSpec program = self.root();
    Map<String, CommandSpec> pages = new LinkedHashMap<>();
    pages.put(program.name(), program);
    for (Map.Entry<String, CommandLine> each : program.subcommands().entrySet()) {
      pages.put(program.name() + "-" + each.getKey(), each.getValue().getCommandSpec());
    }
    try (Output out = new Output(surroundings.out(), null, () -> {});
        Output err = new Output(surroundings.err(), null, () -> {})) {
      Path to = directory;
      if (to == null) {
        String name = command == null ? program.name() : program.name() + "-" + command;
        CommandSpec page = pages.get(name);
        if (page == null) {
          throw new ParameterException(
              self.commandLine(), "no such command: " + Visible.of(String.valueOf(command)));
        }
        out.line(new ManPage(name, page).text().stripTrailing());
        return ExitCode.DONE.number();
      }
      try {
        Files.createDirectories(to);
        for (Map.Entry<String, CommandSpec> page : pages.entrySet()) {
          Files.writeString(
              to.resolve(page.getKey() + ".1"), new ManPage(page.getKey(), page.getValue()).text());
        }
        out.line(pages.size() + " pages in " + to);
        return ExitCode.DONE.number();
      } catch (IOException e) {
        err.line(
            "lanyard: cannot write into " + to + ": " + Visible.of(String.valueOf(e.getMessage())));
        return ExitCode.WRONG_USAGE.number();
      }
    }
  }
}
