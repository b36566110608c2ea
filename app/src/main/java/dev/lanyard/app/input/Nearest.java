package dev.lanyard.app.input;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which known word a misspelt one was meant to be. */
public final class Nearest {
  /** Words longer than this are no misspelling of anything, and comparing them would cost. */
  private static final int LONGEST = 64;

  private static final int STEM = 4;

  private Nearest() {}

  public static @Nullable String to(String word, Collection<String> known) {
    if (word.length() > LONGEST) return null;
    String lower = word.toLowerCase(Locale.ROOT).replace('_', '-');
    String best = null;
    int bestDistance = Math.max(1, word.length() / 3) + 1;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - word.length()) >= bestDistance) continue;
      int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best != null ? best : byStem(lower, known);
  }

  /** A beginning such as "retr" says enough. */
  private static @Nullable String byStem(String lower, Collection<String> known) {
    if (lower.length() < STEM) return null;
    String stem = lower.substring(0, STEM);
    for (String candidate : known) {
      if (candidate.toLowerCase(Locale.ROOT).startsWith(stem)) return candidate;
    }
    return null;
  }

  /** Insertions, deletions, replacements, and swaps of neighbours, each counted as one. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) last[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] recycled = beforeLast;
      beforeLast = last;
      last = row;
      row = recycled;
    }
    return last[b.length()];
  }
}
