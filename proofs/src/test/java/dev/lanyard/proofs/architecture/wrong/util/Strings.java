package dev.lanyard.proofs.architecture.wrong.util;

import dev.lanyard.proofs.architecture.wrong.WrongHelper;
import java.util.Locale;

/** Wrong on purpose: the other half of a cycle. */
public final class Strings {
  private Strings() {}

  public static String shout(String text) {
    return WrongHelper.class + text.toUpperCase(Locale.ROOT);
  }
}
