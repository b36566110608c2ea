package dev.lanyard.durable;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be reached, or refuses what should work. If it happened while something was
 * being written, {@link #isUnknown()} says whether it may have been written all the same.
 *
 * @since 0.1
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Whether it may have been written all the same. */
  private final boolean unknown;

  StoreException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  StoreException(String message, @Nullable Throwable cause, boolean unknown) {
    super(message, cause);
    this.unknown = unknown;
  }

  /**
   * Whether the connection broke while the transaction was being committed, so that nobody knows
   * whether it was. Submitting the same tasks, with the same ids, once more is safe: they are
   * refused as duplicates if they were accepted.
   *
   * @return false if nothing was written
   */
  public boolean isUnknown() {
    return unknown;
  }
}
