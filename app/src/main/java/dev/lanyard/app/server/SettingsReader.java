package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.input.Durations;
import dev.lanyard.app.input.Visible;
import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes settings of texts. All that is wrong is collected, each with who said it. */
final class SettingsReader {
  private static final Address NOWHERE = new Address("127.0.0.1", 0);

  /** What the store can tell from nothing. */
  static final Duration SHORTEST = Duration.ofMillis(1);

  private static final Set<String> KINDS =
      Collections.unmodifiableSet(new TreeSet<>(DurableSettings.defaults().kinds().keySet()));

  private final Configuration configuration;
  private final List<String> problems = new ArrayList<>();

  SettingsReader(Configuration configuration) {
    this.configuration = configuration;
  }

  /** One line for each thing that is wrong. */
  List<String> problems() {
    return problems;
  }

  /** Of no use if there are problems. */
  ServeSettings read(DataDirectory data) {
    Address listen = value(Setting.LISTEN, NOWHERE, Address::parse, Address.EXPECTED);
    Retention kept =
        value(Setting.RETENTION, new Retention(null, null), Retention::parse, Retention.EXPECTED);
    var settings =
        new ServeSettings(
            listen,
            value(
                Setting.DB,
                data.database(),
                SettingsReader::jdbc,
                "jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE (the user as --db-user, the"
                    + " password as LANYARD_DB_PASSWORD)"),
            text(Setting.DB_USER),
            text(Setting.DB_PASSWORD),
            number(Setting.WORKERS, 1, 10_000),
            value(
                Setting.LIMIT,
                Map.of(),
                SettingsReader::limits,
                "KIND=N such as exec=2,http=10, of the kinds " + String.join(", ", KINDS)),
            duration(Setting.MAX_TIMEOUT, SHORTEST, ", 1ms or more"),
            duration(Setting.DRAIN, Duration.ZERO, ""),
            kept,
            number(Setting.RATE, 1, 1_000_000),
            value(Setting.HOST, Set.of(), SettingsReader::hosts, "names such as tasks.example.org"),
            token());
    if (settings.token() == null && !Loopback.isLoopback(listen.host())) {
      problems.add(
          origin(Setting.LISTEN)
              + ": others reach "
              + listen
              + ", and whoever submits a task can run commands here: give a token with --token-file"
              + " FILE or LANYARD_TOKEN, or listen on 127.0.0.1");
    }
    return settings;
  }

  private static Optional<String> jdbc(String text) {
    boolean server = text.startsWith("jdbc:postgresql:") && !namesUser(text);
    return server || text.startsWith("jdbc:sqlite:") ? Optional.of(text) : Optional.empty();
  }

  /** The driver would take it for a part of the host, and say so with the password in it. */
  private static boolean namesUser(String url) {
    return Database.shown(url).split("\\?", 2)[0].contains("@");
  }

  private static Optional<Map<String, Integer>> limits(String text) {
    Map<String, Integer> limits = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.strip().split("=", -1);
      if (pair.length != 2 || !KINDS.contains(pair[0]) || !pair[1].matches("[1-9]\\d{0,5}")) {
        return Optional.empty();
      }
      limits.put(pair[0], Integer.valueOf(pair[1]));
    }
    return Optional.of(limits);
  }

  private static Optional<Set<String>> hosts(String text) {
    Set<String> hosts = new TreeSet<>();
    for (String part : text.split(",", -1)) {
      if (!part.strip().matches("[0-9A-Za-z.-]+")) return Optional.empty();
      hosts.add(part.strip());
    }
    return Optional.of(hosts);
  }

  private @Nullable Token token() {
    Given direct = configuration.get(Setting.TOKEN);
    Given file = configuration.get(Setting.TOKEN_FILE);
    if (direct == null && file == null) return null;
    boolean said = configuration.holds(Setting.TOKEN, Setting.TOKEN_FILE);
    if (!said && !configuration.holds(Setting.TOKEN_FILE, Setting.TOKEN)) {
      problems.add(
          origin(Setting.TOKEN)
              + " and "
              + origin(Setting.TOKEN_FILE)
              + ": there is one token: give one of the two");
      return null;
    }
    String origin = origin(said ? Setting.TOKEN : Setting.TOKEN_FILE);
    String secret = null;
    if (said && direct != null) secret = direct.text();
    else if (file != null) secret = content(file);
    if (secret == null) return null;
    if (secret.strip().length() >= Token.SHORTEST) return new Token(secret.strip());
    problems.add(
        origin
            + ": a token has at least "
            + Token.SHORTEST
            + " letters; make one with: openssl rand -hex 32");
    return null;
  }

  private @Nullable String content(Given file) {
    try {
      return Files.readString(Path.of(file.text()));
    } catch (IOException | InvalidPathException e) {
      problems.add(
          file.origin()
              + ": the file "
              + Visible.of(file.text())
              + " with the token cannot be read");
      return null;
    }
  }

  private @Nullable String text(Setting setting) {
    Given given = configuration.get(setting);
    return given == null ? null : given.text();
  }

  private int number(Setting setting, int least, int most) {
    return value(
        setting,
        least,
        text -> {
          if (!text.matches("\\d{1,9}")) return Optional.empty();
          int number = Integer.parseInt(text);
          return number < least || number > most ? Optional.empty() : Optional.of(number);
        },
        "a whole number from " + least + " to " + most);
  }

  private Duration duration(Setting setting, Duration least, String bound) {
    return value(
        setting,
        Duration.ZERO,
        text -> Durations.parse(text).filter(duration -> duration.compareTo(least) >= 0),
        Durations.EXPECTED + bound);
  }

  private <T> T value(
      Setting setting, T otherwise, Function<String, Optional<T>> parse, String expected) {
    Given given = configuration.get(setting);
    if (given == null) return otherwise;
    Optional<T> parsed = parse.apply(given.text().strip());
    if (parsed.isEmpty()) {
      problems.add(
          given.origin()
              + ": "
              + setting.key()
              + ": expected "
              + expected
              + ", found \""
              + Visible.of(shown(setting, given))
              + '"');
    }
    return parsed.orElse(otherwise);
  }

  private static String shown(Setting setting, Given given) {
    return setting == Setting.DB ? Database.shown(given.text()) : given.text();
  }

  private String origin(Setting setting) {
    Given given = configuration.get(setting);
    return given == null ? "--" + setting.key() : given.origin();
  }
}
