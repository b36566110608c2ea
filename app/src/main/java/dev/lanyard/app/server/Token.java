package dev.lanyard.app.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** A secret that clients show. It is kept as a digest, and so is in no text of this object. */
final class Token {
  static final int SHORTEST = 16;

  private static final String SCHEME = "bearer ";

  private final byte[] digest;

  Token(String secret) {
    digest = digest(secret);
  }

  /**
   * Whether a header {@code Authorization} has it. Digests are compared, all of each: the time that
   * takes tells nothing of the secret, nor of its length.
   */
  boolean isIn(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    return MessageDigest.isEqual(digest, digest(authorization.substring(SCHEME.length()).strip()));
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
