package dev.lanyard.proofs;

/**
 * How long the searches are: 1 in the ordinary build, more with {@code -Pproofs} or {@code
 * -Dlanyard.stress=N}.
 */
public final class Length {
  public static final int FACTOR = Integer.getInteger("lanyard.stress", 1);

  private Length() {}

  public static boolean isLong() {
    return FACTOR > 1;
  }
}
