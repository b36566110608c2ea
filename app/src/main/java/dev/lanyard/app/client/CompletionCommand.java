package dev.lanyard.app.client;

import dev.lanyard.app.terminal.Output;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lanyard completion SHELL}: what makes the shell know the commands. */
@Command(
    name = "completion",
    sortOptions = false,
    description = "Prints a script that lets a shell complete commands and options.",
    footerHeading = "%nTo use it:%n",
    footer = {
      "  bash  source <(lanyard completion bash)          (in ~/.bashrc)",
      "  zsh   source <(lanyard completion zsh)           (in ~/.zshrc, behind compinit)",
      "  fish  lanyard completion fish > ~/.config/fish/completions/lanyard.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.bash;

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
    CommandLine program = self.root().commandLine();
    try (Output out = new Output(surroundings.out(), null, () -> {})) {
      switch (shell) {
        case bash, zsh -> out.line(AutoComplete.bash(self.root().name(), program).stripTrailing());
        case fish -> new FishCompletion(self.root()).lines().forEach(out::line);
      }
    }
    return ExitCode.DONE.number();
  }
}
