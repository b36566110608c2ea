package dev.lanyard.context;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The name and type under which a context carries a value. Keys are compared by identity, so a
 * private constant cannot clash with anyone else's, whatever it is called.
 *
 * {@snippet :
 * private static final Key<User> USER = Key.of("user");
 * Context request = ctx.withValue(USER, user);
 * User who = request.value(USER);
 * }
 *
 * @param <T> the type of the values
 * @since 0.1
 */
@SuppressWarnings("UnusedTypeParameter") // it is what makes a lookup typed
public final class Key<T> {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name;
  private final boolean printed;

  /** In the order of making: the keys of one program fill a hash table without a clash. */
  private final int hash = MADE.getAndIncrement();

  private Key(String name, boolean printed) {
    this.name = Objects.requireNonNull(name, "a key needs a name");
    this.printed = printed;
  }

  /**
   * A new key, different from all others. A context's {@code toString} shows the key and the type
   * of the value, never the value: it may be a secret.
   *
   * @param name for people who read logs
   * @param <T> the type of the values
   * @return the key
   */
  public static <T> Key<T> of(String name) {
    return new Key<>(name, false);
  }

  /**
   * A new key whose values may stand in logs, such as a request id.
   *
   * @param name for people who read logs
   * @param <T> the type of the values
   * @return the key
   */
  public static <T> Key<T> printed(String name) {
    return new Key<>(name, true);
  }

  /**
   * The name that the key was made with.
   *
   * @return never null
   */
  public String name() {
    return name;
  }

  int hash() {
    return hash;
  }

  boolean isPrinted() {
    return printed;
  }

  @Override
  public String toString() {
    return name;
  }
}
