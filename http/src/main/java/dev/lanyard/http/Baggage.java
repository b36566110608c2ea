package dev.lanyard.http;

import dev.lanyard.context.Context;
import dev.lanyard.context.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names and values that travel with a request through every service that works on it, as W3C
 * Baggage writes them into the header {@code baggage}.
 *
 * {@snippet :
 * Baggage baggage = Baggage.of(ctx).with("tenant", "42");
 * Context tagged = ctx.withValue(Baggage.KEY, baggage);
 * }
 *
 * <p>Every service on the way can read it, so {@link Outgoing} sends it to nobody unless told to.
 *
 * <p>Values may be any text, and what a caller sent may be: control characters and quotes included.
 * Names are those that HTTP allows ({@code token}); they are compared exactly. A name that a caller
 * sent twice stays twice on the way on; {@link #get} then answers with the last.
 *
 * <p>At most {@value #MOST_MEMBERS} members and {@value #LONGEST} characters of header are carried.
 *
 * <p>Immutable, so any thread may use it. No method takes null, and those that return it say so.
 *
 * @since 0.1
 */
public final class Baggage {
  /** Under which a context carries it. */
  public static final Key<Baggage> KEY = Key.of("baggage");

  /** Nothing. */
  public static final Baggage EMPTY = new Baggage(List.of());

  /** How many members are carried. */
  public static final int MOST_MEMBERS = 64;

  /** How many characters of header are carried: all are ASCII, so these are bytes. */
  public static final int LONGEST = 8192;

  static final String HEADER = "baggage";

  private final List<BaggageMember> members;

  /** Made when somebody asks. Threads that ask at once may each make one: no harm. */
  private @Nullable String header;

  private Baggage(List<BaggageMember> members) {
    this.members = members;
  }

  /**
   * What a context carries.
   *
   * @param ctx any context
   * @return {@link #EMPTY} if it carries none
   */
  public static Baggage of(Context ctx) {
    Baggage carried = ctx.value(KEY);
    return carried == null ? EMPTY : carried;
  }

  /**
   * Reads what a caller sent. Never throws, whatever the texts are. A malformed member is left out.
   * From the first one on that is beyond a limit, the rest is left out.
   *
   * @param headers the values of {@code baggage}, one for each line: together they are one list
   * @return {@link #EMPTY} if nothing valid is there
   */
  public static Baggage parse(List<String> headers) {
    List<BaggageMember> members = null;
    int length = 0;
    for (String header : headers) {
      for (int at = 0, comma; at <= header.length(); at = comma + 1) {
        comma = header.indexOf(',', at);
        if (comma < 0) comma = header.length();
        BaggageMember member = BaggageMember.parse(header, at, comma);
        if (member == null) continue;
        if (members == null) members = new ArrayList<>();
        length += member.length() + (members.isEmpty() ? 0 : 1);
        if (members.size() == MOST_MEMBERS || length > LONGEST) return of(members);
        members.add(member);
      }
    }
    return members == null ? EMPTY : of(members);
  }

  /**
   * The value of a name.
   *
   * @param name of the member
   * @return its value, decoded: octets that are no UTF-8 are U+FFFD. The last one if the name is
   *     there more than once, null if it is not there
   */
  public @Nullable String get(String name) {
    Objects.requireNonNull(name, "baggage needs a name");
    for (int i = members.size() - 1; i >= 0; i--) {
      if (members.get(i).name().equals(name)) return members.get(i).value();
    }
    return null;
  }

  /**
   * This baggage with another member at its end, in place of those with the same name. Where the
   * limits leave no room for it, the first members make room: a stranger's baggage cannot make this
   * fail.
   *
   * @param name an HTTP token
   * @param value any text; half a surrogate pair, which UTF-8 cannot write, becomes a question mark
   * @return a new baggage
   * @throws IllegalArgumentException if the name is no token, or if the member alone is beyond the
   *     limit
   */
  public Baggage with(String name, String value) {
    BaggageMember member = BaggageMember.of(name, value);
    if (member.length() > LONGEST) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" needs "
              + member.length()
              + " characters of baggage, "
              + LONGEST
              + " are carried");
    }
    List<BaggageMember> kept = others(name);
    kept.add(member);
    int length = kept.size() - 1;
    for (BaggageMember each : kept) length += each.length();
    int first = 0;
    while (kept.size() - first > MOST_MEMBERS || length > LONGEST) {
      length -= kept.get(first++).length() + 1;
    }
    return of(kept.subList(first, kept.size()));
  }

  /**
   * This baggage without the members of a name.
   *
   * @param name of the members
   * @return this one if there are none
   */
  public Baggage without(String name) {
    Objects.requireNonNull(name, "baggage needs a name");
    List<BaggageMember> kept = others(name);
    return kept.size() == members.size() ? this : of(kept);
  }

  /**
   * Whether there is nothing in it.
   *
   * @return true for {@link #EMPTY} and its like
   */
  public boolean isEmpty() {
    return members.isEmpty();
  }

  /**
   * The header that carries it on. Members that were received stand in it as they came, with their
   * properties.
   *
   * @return the text; empty, and not to be sent, if there is nothing in it
   */
  public String header() {
    String text = header;
    if (text == null) {
      var list = new StringBuilder();
      for (BaggageMember member : members) {
        if (!list.isEmpty()) list.append(',');
        member.appendTo(list);
      }
      header = text = list.toString();
    }
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Baggage that && members.equals(that.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  /** How many members there are: names and values are not for logs. */
  @Override
  public String toString() {
    return "baggage of " + members.size();
  }

  private static Baggage of(List<BaggageMember> members) {
    return members.isEmpty() ? EMPTY : new Baggage(List.copyOf(members));
  }

  private List<BaggageMember> others(String name) {
    var kept = new ArrayList<BaggageMember>(members.size() + 1);
    for (BaggageMember member : members) {
      if (!member.name().equals(name)) kept.add(member);
    }
    return kept;
  }
}
