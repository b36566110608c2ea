package dev.lanyard.http;

import dev.lanyard.context.Key;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The place of an operation in a distributed trace, as W3C Trace Context Level 2 writes it into the
 * headers {@code traceparent} and {@code tracestate}.
 *
 * {@snippet :
 * TraceContext received = TraceContext.parse(headers.all("traceparent"), headers.all("tracestate"));
 * TraceContext own = received == null ? TraceContext.newRoot() : received.child();
 * Context ctx = parent.withValue(TraceContext.KEY, own);
 * }
 *
 * <p>{@link Incoming} does that for a server and {@link Outgoing} the reverse for a client.
 *
 * <p>Two are equal when their headers are: {@link #parentSpanId()} does not count.
 *
 * <p>Immutable, so any thread may use it. Ids are random but no secret, and nothing may rest on
 * their being hard to guess. No method takes or returns null unless it says so.
 *
 * @since 0.1
 */
public final class TraceContext {
  /** Under which a context carries the place of its operation. Printed in a context's text. */
  public static final Key<TraceContext> KEY = Key.printed("trace");

  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";

  private static final int SAMPLED = 1;
  private static final int RANDOM = 2;

  /** How long a header of version 00 is, and how long the part is that later versions share. */
  private static final int LENGTH = 55;

  private final long traceHigh;
  private final long traceLow;
  private final long span;

  /** Zero for none: no span has that id. */
  private final long parentSpan;

  private final int flags;
  private final String state;

  // The texts are made when somebody asks. Threads that ask at once may each make one: no harm.
  private @Nullable String traceIdText;
  private @Nullable String spanIdText;
  private @Nullable String traceparentText;

  private TraceContext(
      long traceHigh, long traceLow, long span, long parentSpan, int flags, String state) {
    this.traceHigh = traceHigh;
    this.traceLow = traceLow;
    this.span = span;
    this.parentSpan = parentSpan;
    this.flags = flags;
    this.state = state;
  }

  /**
   * Reads what a caller sent. Never throws, whatever the texts are.
   *
   * <p>There must be exactly one {@code traceparent}, of version 00 or of a later one that begins
   * in the same way. Of its flags, the two that Level 2 knows are kept.
   *
   * <p>Several {@code tracestate} are one list. It is kept as it came, members that have the same
   * key included. A list that breaks the grammar, has more than 32 members or is longer than 32 of
   * the largest members is dropped, and the trace goes on without it.
   *
   * @param traceparent the values of that header, one for each line
   * @param tracestate the values of that header, one for each line
   * @return the place of the caller's operation, for {@link #child()}; null if there is none or it
   *     is invalid, and a new trace should begin
   */
  public static @Nullable TraceContext parse(List<String> traceparent, List<String> tracestate) {
    if (traceparent.size() != 1) return null;
    String text = traceparent.getFirst();
    int from = Blanks.skip(text, 0, text.length());
    int to = Blanks.skipBack(text, from, text.length());
    if (!isTraceparent(text, from, to)) return null;
    long traceHigh = HexFormat.fromHexDigitsToLong(text, from + 3, from + 19);
    long traceLow = HexFormat.fromHexDigitsToLong(text, from + 19, from + 35);
    long span = HexFormat.fromHexDigitsToLong(text, from + 36, from + 52);
    if ((traceHigh | traceLow) == 0 || span == 0) return null;
    int flags = HexFormat.fromHexDigit(text.charAt(from + 54)) & (SAMPLED | RANDOM);
    return new TraceContext(traceHigh, traceLow, span, 0, flags, TraceState.join(tracestate));
  }

  /**
   * The first operation of a new trace, sampled and with an id that is random in all its bits.
   *
   * @return one without a parent
   */
  public static TraceContext newRoot() {
    var random = ThreadLocalRandom.current();
    return new TraceContext(
        random.nextLong(), randomNonZero(random), randomNonZero(random), 0, SAMPLED | RANDOM, "");
  }

  /**
   * An operation that this one began, here or in another service: of the same trace, with a new
   * span id.
   *
   * @return one whose parent is this
   */
  public TraceContext child() {
    var child =
        new TraceContext(
            traceHigh, traceLow, randomNonZero(ThreadLocalRandom.current()), span, flags, state);
    child.traceIdText = traceIdText;
    return child;
  }

  /**
   * Names the whole trace.
   *
   * @return 32 hexadecimal digits in lower case, not all zero
   */
  public String traceId() {
    String text = traceIdText;
    if (text == null) traceIdText = text = hex(traceHigh) + hex(traceLow);
    return text;
  }

  /**
   * Names this operation.
   *
   * @return 16 hexadecimal digits in lower case, not all zero
   */
  public String spanId() {
    String text = spanIdText;
    if (text == null) spanIdText = text = hex(span);
    return text;
  }

  /**
   * Names the operation that {@link #child()} made this one from.
   *
   * @return as {@link #spanId()}; null for a root and for what was parsed
   */
  public @Nullable String parentSpanId() {
    return parentSpan == 0 ? null : hex(parentSpan);
  }

  /**
   * Whether those before this one may have recorded the trace.
   *
   * @return the flag 01
   */
  public boolean isSampled() {
    return (flags & SAMPLED) != 0;
  }

  /**
   * Whether whoever began the trace says that at least the last seven bytes of its id are random.
   *
   * @return the flag 02
   */
  public boolean isRandom() {
    return (flags & RANDOM) != 0;
  }

  /**
   * What tracing systems add, as it came, several headers joined with a comma.
   *
   * @return the text of the header; empty if it should not be sent
   */
  public String traceState() {
    return state;
  }

  /**
   * The header that tells a callee to continue from here.
   *
   * @return 55 characters of version 00
   */
  public String traceparent() {
    String text = traceparentText;
    if (text == null) traceparentText = text = "00-" + traceId() + "-" + spanId() + "-0" + flags;
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TraceContext that
        && traceHigh == that.traceHigh
        && traceLow == that.traceLow
        && span == that.span
        && flags == that.flags
        && state.equals(that.state);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(traceLow ^ span);
  }

  /** The header {@code traceparent}: what others wrote into the state is not for logs. */
  @Override
  public String toString() {
    return traceparent();
  }

  private static boolean isTraceparent(String text, int from, int to) {
    int length = to - from;
    if (length < LENGTH) return false;
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(from + i);
      if ((i == 2 || i == 35 || i == 52) ? c != '-' : !isLowerHex(c)) return false;
    }
    if (text.startsWith("ff", from)) return false;
    if (text.startsWith("00", from)) return length == LENGTH;
    return length == LENGTH || text.charAt(from + LENGTH) == '-';
  }

  private static boolean isLowerHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  private static long randomNonZero(ThreadLocalRandom random) {
    long id;
    do id = random.nextLong();
    while (id == 0);
    return id;
  }

  private static String hex(long id) {
    return HexFormat.of().toHexDigits(id);
  }
}
