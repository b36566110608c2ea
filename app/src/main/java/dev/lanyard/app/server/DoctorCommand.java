package dev.lanyard.app.server;

import dev.lanyard.app.terminal.Output;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lanyard doctor}: says what is missing on this machine. */
@Command(
    name = "doctor",
    description = "Says what is missing on this machine, and what to do about it.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything that is needed is there",
      "1:something is missing",
      "2:the command line, the environment or the file is wrong"
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final int MISSING = 1;
  private static final int BAD_INPUT = 2;

  private final Map<Setting, String> given = new EnumMap<>(Setting.class);

  private @Nullable String file;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as serve would read them (default: LANYARD_CONFIG).")
  void file(String name) {
    file = name;
  }

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the server would listen (default: 127.0.0.1:8080).")
  void listen(String text) {
    given.put(Setting.LISTEN, text);
  }

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = "The database it would use (default: SQLite in your data directory).")
  void db(String text) {
    given.put(Setting.DB, text);
  }

  @Option(names = "--db-user", paramLabel = "NAME", description = "Who signs in to PostgreSQL.")
  void dbUser(String text) {
    given.put(Setting.DB_USER, text);
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Override
  public Integer call() {
    try (Output out = new Output(new FileOutputStream(FileDescriptor.out), null, () -> {});
        Output err = new Output(new FileOutputStream(FileDescriptor.err), null, () -> {})) {
      return look(System::getenv, DataDirectory.ofThisUser(), out::line, err::line);
    }
  }

  /** Gives the exit code; lines are told as they are found. */
  int look(
      UnaryOperator<@Nullable String> environment,
      DataDirectory data,
      Consumer<String> out,
      Consumer<String> err) {
    Map<Setting, Given> written;
    try {
      written = ConfigurationFile.read(ConfigurationFile.name(file, environment));
    } catch (ConfigurationFile.Wrong wrong) {
      wrong.lines().forEach(err);
      return BAD_INPUT;
    }
    var reader = new SettingsReader(Configuration.of(given, environment, written));
    ServeSettings settings = reader.read(data);
    reader.problems().forEach(err);
    if (!reader.problems().isEmpty()) return BAD_INPUT;
    List<Finding> findings = findings(settings);
    findings.forEach(finding -> out.accept(finding.line()));
    return findings.stream().anyMatch(Finding::isFatal) ? MISSING : 0;
  }

  private static List<Finding> findings(ServeSettings settings) {
    Path tasks = settings.file();
    return List.of(
        MachineChecks.jdk(),
        MachineChecks.terminal(),
        MachineChecks.setsid(),
        MachineChecks.port(settings.listen()),
        DatabaseChecks.sqlite(),
        tasks != null ? DatabaseChecks.directory(tasks) : DatabaseChecks.postgresql(settings));
  }
}
