package dev.lanyard.durable;

import java.util.regex.Pattern;

/**
 * A JDBC URL without what is nobody's business. Where it is not clear where a secret ends, more is
 * left out: such a URL is wrong anyhow.
 */
final class ShownUrl {
  private static final Pattern PARAMETER = Pattern.compile("(?i)((?:pass|pwd)[^=&?]*=)[^&]*");

  /**
   * A password may itself have {@code @}, {@code /} and {@code ?}. An {@code @} behind the {@code
   * =} of a parameter is none of the authority: {@code ?user=me@server}.
   */
  private static final Pattern AUTHORITY = Pattern.compile("//([^/@:?]*):(?:[^?]|\\?(?=[^=]*@))*@");

  private ShownUrl() {}

  static String of(String url) {
    String shown = AUTHORITY.matcher(url).replaceAll("//$1:***@");
    return PARAMETER.matcher(shown).replaceAll("$1***");
  }

  /** The driver of PostgreSQL takes it for a part of the host, and repeats it in messages. */
  static boolean namesUser(String url) {
    int begin = url.indexOf("//");
    int query = url.indexOf('?');
    String authority = url.substring(Math.max(begin, 0), query < 0 ? url.length() : query);
    return (begin >= 0 && authority.contains("@")) || AUTHORITY.matcher(url).find();
  }

  /** What a driver says, which may repeat the URL. */
  static String in(String message, String url) {
    return message.replace(url, of(url));
  }
}
