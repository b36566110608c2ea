package dev.lanyard.app.client;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which server, and the token for it: from the command line, else from the environment. */
final class ServerAddress {
  static final String USUAL = "http://127.0.0.1:8080";

  private static final String EXPECTED = "an address such as " + USUAL;
  private static final int LONGEST_TOKEN = 4_096;

  private ServerAddress() {}

  /** Without a slash at its end. */
  static URI server(@Nullable String option, Map<String, String> environment) throws Failure {
    String named = option != null ? "--server" : "LANYARD_SERVER";
    String text = option != null ? option : environment.getOrDefault("LANYARD_SERVER", "");
    if (text.isBlank()) {
      if (option != null) throw wrong(named + ": expected " + EXPECTED + ", found nothing");
      return URI.create(USUAL);
    }
    String whole = text.contains("://") ? text : "http://" + text;
    while (whole.endsWith("/")) whole = whole.substring(0, whole.length() - 1);
    try {
      URI address = new URI(whole);
      String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
      boolean known = scheme.equals("http") || scheme.equals("https");
      boolean bare =
          address.getRawUserInfo() == null
              && address.getRawQuery() == null
              && address.getRawFragment() == null;
      if (known && bare && address.getHost() != null) return address;
    } catch (URISyntaxException _) {
      // Said below; its own message would show the text, which may hold a password.
    }
    throw wrong(named + ": expected " + EXPECTED + " (a token goes into --token-file)");
  }

  /** Null if none was given. It is never shown. */
  static @Nullable String token(@Nullable Path file, Map<String, String> environment)
      throws Failure {
    String named = file == null ? "LANYARD_TOKEN" : "--token-file " + file;
    String token = environment.get("LANYARD_TOKEN");
    if (file != null) {
      try {
        token = Files.readString(file).strip();
      } catch (IOException e) {
        throw wrong(named + ": cannot be read (" + e.getClass().getSimpleName() + ")");
      }
      if (token.isEmpty()) throw wrong(named + ": the file is empty");
    }
    if (token == null || token.isEmpty()) return null;
    boolean clean = token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (clean && token.length() <= LONGEST_TOKEN) return token;
    throw wrong(named + ": a token is one line of letters, digits and signs, without spaces");
  }

  private static Failure wrong(String message) {
    return new Failure(ExitCode.WRONG_USAGE, message);
  }
}
