package dev.lanyard.app.server;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code serve}, as texts: they are read as those of the environment and the file.
 */
final class ServeOptions {
  private final Map<Setting, String> given = new EnumMap<>(Setting.class);

  private @Nullable String file;

  Map<Setting, String> given() {
    return given;
  }

  /** The file with settings; null for none. */
  @Nullable String file(UnaryOperator<@Nullable String> environment) {
    return ConfigurationFile.name(file, environment);
  }

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in YAML or JSON, named as the options are.")
  void file(String name) {
    file = name;
  }

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where clients come in (default: 127.0.0.1:8080). Elsewhere than on the"
              + " loopback interface a token is needed.")
  void listen(String text) {
    given.put(Setting.LISTEN, text);
  }

  @Option(
      names = "--db",
      paramLabel = "URL",
      description =
          "Where tasks are kept: jdbc:sqlite:FILE for this process alone, or"
              + " jdbc:postgresql://HOST/DATABASE for many machines (default: SQLite in your data"
              + " directory).")
  void db(String text) {
    given.put(Setting.DB, text);
  }

  @Option(names = "--db-user", paramLabel = "NAME", description = "Who signs in to PostgreSQL.")
  void dbUser(String text) {
    given.put(Setting.DB_USER, text);
  }

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "How many tasks run at once here (default: 3).")
  void workers(String text) {
    given.put(Setting.WORKERS, text);
  }

  @Option(
      names = "--limit",
      paramLabel = "KIND=N",
      description = "How many of a kind at once, such as exec=2.")
  void limits(List<String> texts) {
    given.put(Setting.LIMIT, String.join(",", texts));
  }

  @Option(
      names = "--max-timeout",
      paramLabel = "TIME",
      description = "No task may ask for a longer timeout (default: 5s).")
  void maxTimeout(String text) {
    given.put(Setting.MAX_TIMEOUT, text);
  }

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      description = "After a signal, let running tasks go on for so long (default: 25s).")
  void drain(String text) {
    given.put(Setting.DRAIN, text);
  }

  @Option(
      names = "--retention",
      paramLabel = "TIME[,TIME]",
      description =
          "How long tasks are kept that completed or were cancelled, and that failed or"
              + " timed out; or forever (default: 24h,168h).")
  void retention(String text) {
    given.put(Setting.RETENTION, text);
  }

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "How many submissions are taken in a second (default: 500).")
  void rate(String text) {
    given.put(Setting.RATE, text);
  }

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description = "A name under which clients call this server, besides its address.")
  void hosts(List<String> texts) {
    given.put(Setting.HOST, String.join(",", texts));
  }

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Clients must show what stands in it. LANYARD_TOKEN does the same.")
  void tokenFile(String text) {
    given.put(Setting.TOKEN_FILE, text);
  }

  @Option(
      names = "--token",
      paramLabel = "SECRET",
      description = "The same, but others on this machine see it in the list of processes.")
  void token(String text) {
    given.put(Setting.TOKEN, text);
  }
}
