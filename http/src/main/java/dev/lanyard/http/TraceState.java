package dev.lanyard.http;

import java.util.List;

/**
 * The grammar of {@code tracestate}, W3C Trace Context Level 2, section 3.3. The text is checked
 * and carried on as it came. It is not taken apart: whoever rebuilds a list loses what other
 * vendors wrote into it.
 */
final class TraceState {
  private static final int MOST_MEMBERS = 32;
  private static final int LONGEST_KEY = 256;
  private static final int LONGEST_VALUE = 256;

  /**
   * What the largest list needs. Blanks and empty members, which the grammar allows without bound,
   * are carried only within it.
   */
  static final int LONGEST =
      MOST_MEMBERS * (LONGEST_KEY + 1 + LONGEST_VALUE) + (MOST_MEMBERS - 1) * ",".length();

  private TraceState() {}

  /** The one list that several headers make, or "" if there is none or if it is malformed. */
  static String join(List<String> headers) {
    if (headers.isEmpty()) return "";
    String list = Blanks.strip(headers.size() == 1 ? headers.getFirst() : joined(headers));
    return isList(list) ? list : "";
  }

  private static String joined(List<String> headers) {
    var list = new StringBuilder();
    for (String header : headers) {
      String part = Blanks.strip(header);
      if (part.isEmpty()) continue;
      if (list.length() + part.length() > LONGEST) return "="; // no list, whatever it says
      if (!list.isEmpty()) list.append(',');
      list.append(part);
    }
    return list.toString();
  }

  /** False also for a list of nothing but empty members: nobody should be sent that. */
  private static boolean isList(String list) {
    if (list.length() > LONGEST) return false;
    int members = 0;
    for (int at = 0, comma; at <= list.length(); at = comma + 1) {
      comma = list.indexOf(',', at);
      if (comma < 0) comma = list.length();
      int from = Blanks.skip(list, at, comma);
      int to = Blanks.skipBack(list, from, comma);
      if (from == to) continue;
      if (++members > MOST_MEMBERS || !isMember(list, from, to)) return false;
    }
    return members > 0;
  }

  private static boolean isMember(String list, int from, int to) {
    int equals = list.indexOf('=', from, to);
    return equals >= 0 && isKey(list, from, equals) && isValue(list, equals + 1, to);
  }

  private static boolean isKey(String list, int from, int to) {
    if (from == to || to - from > LONGEST_KEY) return false;
    if (!isLetterOrDigit(list.charAt(from))) return false;
    for (int i = from + 1; i < to; i++) {
      char c = list.charAt(i);
      if (!isLetterOrDigit(c) && "_-*/@".indexOf(c) < 0) return false;
    }
    return true;
  }

  /** Blanks before a value belong to it; those behind it are stripped already. */
  private static boolean isValue(String list, int from, int to) {
    if (from == to || to - from > LONGEST_VALUE) return false;
    for (int i = from; i < to; i++) {
      char c = list.charAt(i);
      if (c < ' ' || c > '~' || c == '=') return false;
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }
}
