package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.terminal.Output;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
      "2:the command line is wrong"
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final int MISSING = 1;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      converter = Address.Converter.class,
      description = "Where the server would listen (default: 127.0.0.1:8080).")
  private Address listen = new Address("127.0.0.1", 8080);

  @Option(
      names = "--db",
      paramLabel = "URL",
      description = "The database it would use (default: SQLite in your data directory).")
  private @Nullable String db;

  @Option(names = "--db-user", paramLabel = "NAME", description = "Who signs in to PostgreSQL.")
  private @Nullable String dbUser;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // that it is there is enough
  private boolean help;

  @Override
  public Integer call() {
    DataDirectory data = DataDirectory.ofThisUser();
    Configuration configuration = Configuration.of(given(), System::getenv, Map.of());
    String user = text(configuration, Setting.DB_USER);
    String password = text(configuration, Setting.DB_PASSWORD);
    String url = text(configuration, Setting.DB);
    List<Finding> findings = new ArrayList<>();
    findings.add(MachineChecks.jdk());
    findings.add(MachineChecks.terminal());
    findings.add(MachineChecks.setsid());
    findings.add(MachineChecks.port(listen));
    findings.add(DatabaseChecks.sqlite());
    if (url == null || url.startsWith("jdbc:sqlite:"))
      findings.add(DatabaseChecks.directory(url, data));
    else findings.add(DatabaseChecks.postgresql(url, user, password));
    try (Output output = new Output(new FileOutputStream(FileDescriptor.out), null, () -> {})) {
      findings.forEach(finding -> output.line(finding.line()));
    }
    return findings.stream().anyMatch(Finding::isFatal) ? MISSING : 0;
  }

  private Map<Setting, String> given() {
    Map<Setting, String> given = new EnumMap<>(Setting.class);
    if (db != null) given.put(Setting.DB, db);
    if (dbUser != null) given.put(Setting.DB_USER, dbUser);
    return given;
  }

  private static @Nullable String text(Configuration configuration, Setting setting) {
    Given given = configuration.get(setting);
    return given == null ? null : given.text();
  }
}
