package dev.lanyard.app.server;

import java.util.regex.Pattern;

/** The URL of a database without what is nobody's business. */
final class DatabaseUrl {
  private static final Pattern SECRET = Pattern.compile("(?i)(password[^=&;?]*=)[^&;]*");
  private static final Pattern IN_AUTHORITY = Pattern.compile("//([^/@:]*):[^/@]*@");

  private DatabaseUrl() {}

  static String shown(String url) {
    String shown = SECRET.matcher(url).replaceAll("$1***");
    return IN_AUTHORITY.matcher(shown).replaceAll("//$1:***@");
  }
}
