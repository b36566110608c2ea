package dev.lanyard.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@DisplayName("issue 7: manual pages and completion are made of the commands as they are")
class ManualsTest {
  @TempDir Path directory;

  @Command(
      name = "lanyard",
      version = "lanyard 1",
      description = "A program.",
      subcommands = {SubmitCommand.class, ListCommand.class, CancelCommand.class, ManCommand.class})
  static final class Program {}

  private static CommandLine program() {
    return new CommandLine(new Program());
  }

  private record Ran(int code, String out) {}

  /** Standard error goes where standard output goes. */
  private Ran run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out);
  }

  private static boolean isThere(String program) {
    return List.of("/usr/bin/", "/bin/", "/usr/local/bin/").stream()
        .anyMatch(path -> Files.isExecutable(Path.of(path + program)));
  }

  @Test
  @DisplayName("every page says name, synopsis, options and exit codes")
  void page() {
    CommandLine submit = new CommandLine(new SubmitCommand());
    String page = new ManPage("lanyard-submit", submit.getCommandSpec()).text();
    assertThat(page)
        .startsWith(".TH \"LANYARD-SUBMIT\" 1")
        .contains(
            ".SH \"NAME\"\nlanyard\\-submit \\- Hands tasks",
            "\nlanyard submit [OPTIONS] \\-\\- COMMAND ARG...\n",
            ".B \\-w, \\-\\-wait[=TIME]\n",
            ".SH \"EXIT STATUS\"\n.TP\n.B 0\ndone\n")
        .doesNotContain("${", "@|");
  }

  @Test
  @DisplayName("man renders them without a warning")
  void renders() throws Exception {
    assumeTrue(isThere("man") && isThere("groff"), "man is not installed");
    for (CommandLine command : program().getSubcommands().values()) {
      String name = "lanyard-" + command.getCommandName();
      Files.writeString(
          directory.resolve("page.1"), new ManPage(name, command.getCommandSpec()).text());
      Ran man = run("man", "--warnings", "-E", "ascii", "-l", "page.1");
      assertThat(man.code()).isZero();
      assertThat(man.out()).contains("NAME", "OPTIONS").doesNotContain("warning", "error");
    }
  }

  @Test
  @DisplayName("bash completes commands and options")
  void bash() throws Exception {
    assumeTrue(isThere("bash"), "bash is not installed");
    Files.writeString(directory.resolve("c.bash"), AutoComplete.bash("lanyard", program()));
    Files.writeString(
        directory.resolve("t.bash"),
        """
        source ./c.bash
        COMP_WORDS=(lanyard ls --st); COMP_CWORD=2; _complete_lanyard; echo "${COMPREPLY[@]}"
        COMP_WORDS=(lanyard sub); COMP_CWORD=1; _complete_lanyard; echo "${COMPREPLY[@]}"
        """);
    Ran bash = run("bash", "t.bash");
    assertThat(bash.out()).contains("--state", "submit");
  }

  @Test
  @DisplayName("fish knows commands, options and their values")
  void fish() throws Exception {
    List<String> lines = new FishCompletion(program().getCommandSpec()).lines();
    assertThat(lines)
        .anyMatch(line -> line.contains("-n '__fish_use_subcommand' -a 'submit' -d 'Hands"))
        .anyMatch(line ->
            line.contains("from ls' -s s -l state -r -a 'scheduled pending")
                && line.endsWith("timed_out.'"));
    if (!isThere("fish")) return;
    Files.write(directory.resolve("c.fish"), lines);
    Ran fish = run("fish", "-c", "source ./c.fish; complete -C 'lanyard ls --ord'");
    assertThat(fish.out()).contains("--order");
  }
}
