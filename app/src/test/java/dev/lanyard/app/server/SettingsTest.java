package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.durable.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue 7: settings, where they come from, and what is refused. */
class SettingsTest {
  private static final DataDirectory DATA = new DataDirectory(Path.of("/data"));

  private static SettingsReader reader(
      Map<Setting, String> options, Map<String, String> environment, Map<Setting, Given> file) {
    return new SettingsReader(Configuration.of(options, environment::get, file));
  }

  @Test
  @DisplayName(
      "an option goes before the environment, that before the file, that before the default")
  void precedence() {
    Map<Setting, Given> file =
        Map.of(
            Setting.WORKERS, new Given("7", "f:1"),
            Setting.DRAIN, new Given("7s", "f:2"),
            Setting.RATE, new Given("7", "f:3"));
    Map<String, String> environment = Map.of("LANYARD_WORKERS", "8", "LANYARD_DRAIN", "8s");
    ServeSettings settings = reader(Map.of(Setting.WORKERS, "9"), environment, file).read(DATA);
    assertThat(settings.workers()).isEqualTo(9);
    assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(8));
    assertThat(settings.rate()).isEqualTo(7);
    assertThat(settings.maxTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.db()).isEqualTo("jdbc:sqlite:/data/tasks.db");
  }

  @Test
  @DisplayName("--print-config shows who gave what, and no secret")
  void originsAreShown() {
    Configuration configuration =
        Configuration.of(
            Map.of(Setting.WORKERS, "9"),
            Map.of(
                    "LANYARD_TOKEN", "very secret indeed",
                    "LANYARD_DB_PASSWORD", "hush",
                    "LANYARD_DB", "jdbc:postgresql://h/d?user=u&password=hush")
                ::get,
            Map.of(Setting.DRAIN, new Given("1s", "serve.yaml:3")));
    List<String> lines = configuration.lines(Map.of());
    assertThat(lines)
        .anyMatch(line -> line.matches("workers: +9 +# --workers"))
        .anyMatch(line -> line.matches("drain: +1s +# serve.yaml:3"))
        .anyMatch(line -> line.matches("rate: +500 +# default"))
        .anyMatch(line -> line.matches("token: +set +# LANYARD_TOKEN"))
        .anyMatch(line -> line.matches("db: +jdbc:postgresql://h/d\\?user=u&password=\\*\\*\\* .*"))
        .anyMatch(line -> line.matches("token-file: +unset +# default"));
    assertThat(String.join("\n", lines)).doesNotContain("secret", "hush");
  }

  @Test
  @DisplayName("all that is wrong is said at once, with who said it")
  void problemsAreCollected() {
    SettingsReader reader =
        reader(
            Map.of(Setting.WORKERS, "none", Setting.LISTEN, "nowhere"),
            Map.of("LANYARD_LIMIT", "exec", "LANYARD_DB", "mysql://x"),
            Map.of(Setting.RETENTION, new Given("1d", "f:9")));
    reader.read(DATA);
    assertThat(reader.problems())
        .hasSize(5)
        .anyMatch(line -> line.startsWith("--workers: workers: expected a whole number"))
        .anyMatch(line -> line.startsWith("--listen: listen: expected a host and a port"))
        .anyMatch(line -> line.startsWith("LANYARD_LIMIT: limit: expected KIND=N"))
        .anyMatch(line -> line.startsWith("LANYARD_DB: db: expected jdbc:sqlite:FILE"))
        .anyMatch(line -> line.startsWith("f:9: retention: expected"));
  }

  @Test
  @DisplayName("a wrong URL of a database is shown without its password, whatever is in that")
  void passwordInUrl() {
    for (String url :
        List.of(
            "postgresql://u:hush@h/d",
            "jdbc:postgresql://u:hush@h/d",
            "jdbc:postgresql://u:p@hush@h/d",
            "jdbc:postgresql://u:p/hush@h/d",
            "jdbc:postgresql://u:p?hush@h/d",
            "jdbc:mysql://h/d?password=p;hush&x=y",
            "jdbc:mysql://h/d?sslpassword=hush")) {
      SettingsReader reader = reader(Map.of(Setting.DB, url), Map.of(), Map.of());
      reader.read(DATA);
      assertThat(reader.problems())
          .as(url)
          .singleElement()
          .asString()
          .contains("***", "LANYARD_DB_PASSWORD")
          .doesNotContain("hush");
    }
    String azure = "jdbc:postgresql://h:5432/d?user=me@server&password=p@w";
    SettingsReader fine = reader(Map.of(Setting.DB, azure), Map.of(), Map.of());
    assertThat(fine.read(DATA).db()).isEqualTo(azure);
    assertThat(fine.problems()).isEmpty();
    assertThat(Database.shown(azure))
        .isEqualTo("jdbc:postgresql://h:5432/d?user=me@server&password=***");
  }

  @Test
  @DisplayName("where others reach it, it does not start without a token")
  void tokenIsNeededElsewhere() {
    for (String address : List.of("0.0.0.0:80", "[::]:80", "192.168.0.7:80", "example.org:80")) {
      SettingsReader reader = reader(Map.of(Setting.LISTEN, address), Map.of(), Map.of());
      reader.read(DATA);
      assertThat(reader.problems()).as(address).singleElement().asString().contains("--token-file");
      SettingsReader safe =
          reader(
              Map.of(Setting.LISTEN, address),
              Map.of("LANYARD_TOKEN", "0123456789abcdef"),
              Map.of());
      assertThat(safe.read(DATA).token()).isNotNull();
      assertThat(safe.problems()).as(address).isEmpty();
    }
    for (String address : List.of("127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "localhost:80")) {
      SettingsReader reader = reader(Map.of(Setting.LISTEN, address), Map.of(), Map.of());
      reader.read(DATA);
      assertThat(reader.problems()).as(address).isEmpty();
    }
  }

  @Test
  @DisplayName("a token is read from its file; a short one is refused")
  void tokenFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    Token given =
        reader(Map.of(Setting.TOKEN_FILE, file.toString()), Map.of(), Map.of()).read(DATA).token();
    Token token = Objects.requireNonNull(given);
    assertThat(token.isIn("Bearer 0123456789abcdef")).isTrue();
    assertThat(token.isIn("bearer  0123456789abcdef ")).isTrue();
    assertThat(token.isIn("Bearer 0123456789abcdeg")).isFalse();
    assertThat(token.isIn("Basic 0123456789abcdef")).isFalse();
    assertThat(token.isIn(null)).isFalse();
    SettingsReader brief = reader(Map.of(Setting.TOKEN, "short"), Map.of(), Map.of());
    brief.read(DATA);
    assertThat(brief.problems()).singleElement().asString().contains("at least 16");
  }

  @Test
  @DisplayName(
      "an option with the file of a token goes before LANYARD_TOKEN; of one rank, none does")
  void oneToken(@TempDir Path directory) throws Exception {
    String file =
        Files.writeString(directory.resolve("new"), "the-new-token-of-the-file").toString();
    Map<String, String> old = Map.of("LANYARD_TOKEN", "the-old-token-before");
    Token given =
        Objects.requireNonNull(
            reader(Map.of(Setting.TOKEN_FILE, file), old, Map.of()).read(DATA).token());
    assertThat(given.isIn("Bearer the-new-token-of-the-file")).isTrue();
    assertThat(given.isIn("Bearer the-old-token-before")).isFalse();
    Map<Setting, Given> written = Map.of(Setting.TOKEN_FILE, new Given(file, "f:1"));
    given = Objects.requireNonNull(reader(Map.of(), old, written).read(DATA).token());
    assertThat(given.isIn("Bearer the-old-token-before")).isTrue();
    SettingsReader both =
        reader(
            Map.of(Setting.TOKEN_FILE, file, Setting.TOKEN, "the-old-token-before"),
            Map.of(),
            Map.of());
    both.read(DATA);
    assertThat(both.problems())
        .singleElement()
        .asString()
        .contains("--token", "--token-file", "give one of the two");
  }

  @Test
  @DisplayName(
      "what the store cannot keep, and kinds that nobody knows, are refused in a line each")
  void tooShortAndUnknown() {
    SettingsReader reader =
        reader(
            Map.of(Setting.MAX_TIMEOUT, "500us", Setting.RETENTION, "24h,1us"),
            Map.of("LANYARD_LIMIT", "exce=2"),
            Map.of());
    reader.read(DATA);
    assertThat(reader.problems())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("--max-timeout: ") && line.contains("1ms or more"))
        .anyMatch(line -> line.startsWith("--retention: "))
        .anyMatch(line -> line.startsWith("LANYARD_LIMIT: ") && line.contains("exec, http, sleep"));
    SettingsReader fine =
        reader(
            Map.of(Setting.MAX_TIMEOUT, "1ms", Setting.RETENTION, "1ms", Setting.LIMIT, "exec=2"),
            Map.of(),
            Map.of());
    assertThat(fine.read(DATA).limits()).containsExactly(Map.entry("exec", 2));
    assertThat(fine.problems()).isEmpty();
  }

  @Test
  @DisplayName("the data directory: LANYARD_DATA, XDG_DATA_HOME if absolute, else below the home")
  void dataDirectory() {
    assertThat(DataDirectory.of(Map.of("LANYARD_DATA", "/a")::get, "/home/u").path())
        .isEqualTo(Path.of("/a"));
    assertThat(DataDirectory.of(Map.of("XDG_DATA_HOME", "/b")::get, "/home/u").path())
        .isEqualTo(Path.of("/b/lanyard"));
    assertThat(DataDirectory.of(Map.of("XDG_DATA_HOME", "b")::get, "/home/u").path())
        .isEqualTo(Path.of("/home/u/.local/share/lanyard"));
  }
}
