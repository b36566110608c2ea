package dev.lanyard.http;

import dev.lanyard.context.Key;
import dev.lanyard.context.TimeSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The id by which people find a request in the logs of every service that worked on it. It travels
 * in the header {@code X-Request-ID}.
 *
 * {@snippet :
 * String received = RequestId.clean(header);
 * Context ctx = parent.withValue(RequestId.KEY, received != null ? received : RequestId.next());
 * }
 *
 * <p>All methods may be called from any thread.
 *
 * @since 0.1
 */
public final class RequestId {
  /** Under which a context carries the id. Printed in a context's text. */
  public static final Key<String> KEY = Key.printed("request id");

  /** The header's name. */
  public static final String HEADER = "X-Request-ID";

  /** The longest that is taken from a caller, in characters. */
  public static final int LONGEST = 128;

  /** Digits before letters, so that texts sort as the numbers do; none that looks like another. */
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

  private static final int BITS_OF_A_DIGIT = 5;
  private static final int DIGITS_OF_TIME = 9;
  private static final int DIGITS_OF_CHANCE = 12;

  private RequestId() {}

  /**
   * An id that a caller sent, if it can stand in a log, in a header and in a command line as it is:
   * ASCII letters and digits and any of {@code - _ . : / + = @ ~}. Anything else is refused and not
   * repaired, since two repaired ids might be the same. It is still a stranger's text: no file
   * should be named by it.
   *
   * @param received null if there was none
   * @return the same, or null if it is empty, longer than {@value #LONGEST} or has another
   *     character
   */
  public static @Nullable String clean(@Nullable String received) {
    if (received == null || received.isEmpty() || received.length() > LONGEST) return null;
    for (int i = 0; i < received.length(); i++) {
      if (!isSafe(received.charAt(i))) return null;
    }
    return received;
  }

  /**
   * A new id of 21 digits and small letters: the millisecond, so that ids sort by time, and 60
   * random bits. It is no secret and can be guessed.
   *
   * @return one that no other process is likely to make
   */
  public static String next() {
    return at(TimeSource.system().instant().toEpochMilli());
  }

  static String at(long epochMillis) {
    var text = new char[DIGITS_OF_TIME + DIGITS_OF_CHANCE];
    write(epochMillis, text, 0, DIGITS_OF_TIME);
    write(ThreadLocalRandom.current().nextLong(), text, DIGITS_OF_TIME, text.length);
    return new String(text);
  }

  private static boolean isSafe(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_.:/+=@~".indexOf(c) >= 0;
  }

  /** The lowest digits of a number, the last one at the end. */
  private static void write(long number, char[] text, int from, int to) {
    long left = number;
    for (int i = to - 1; i >= from; i--) {
      text[i] = DIGITS.charAt((int) left & 31);
      left >>>= BITS_OF_A_DIGIT;
    }
  }
}
