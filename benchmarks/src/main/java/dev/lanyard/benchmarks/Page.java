package dev.lanyard.benchmarks;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation whose tables stand between comments that name them. */
public final class Page {
  private static final Pattern TABLE =
      Pattern.compile("(<!-- table: (\\S+) -->\\n)(.*?)(<!-- /table -->)", Pattern.DOTALL);

  private Page() {}

  /**
   * The page with those of its tables replaced that are given.
   *
   * @param tables by their names
   * @param page as it was
   * @return as it is to be
   */
  public static String with(Map<String, String> tables, String page) {
    return TABLE
        .matcher(page)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                found.group(1)
                    + tables.getOrDefault(found.group(2), found.group(3))
                    + found.group(4)));
  }
}
