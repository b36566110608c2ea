package dev.lanyard.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.Context;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * More than a million generated values. None may raise, and what a parser takes must be what a
 * regular expression takes that was written from the grammar of the specification, no less and no
 * more.
 */
class HostileHeadersTest {
  private static final int TRACEPARENTS = 300_000;
  private static final int TRACESTATES = 120_000;
  private static final int BAGGAGES = 80_000;
  private static final int BAGGAGE_VALUES = 100_000;
  private static final int REQUEST_IDS = 200_000;
  private static final int TIMEOUTS = 200_000;
  private static final int DURATIONS = 100_000;
  private static final int REQUESTS = 10_000;

  private static final String IDS_AND_FLAGS =
      "-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]([0-9a-f])";
  private static final Pattern TRACEPARENT_00 =
      Pattern.compile("[ \\t]*00" + IDS_AND_FLAGS + "[ \\t]*");
  private static final Pattern TRACEPARENT_LATER =
      Pattern.compile(
          "[ \\t]*(?!00|ff)[0-9a-f]{2}" + IDS_AND_FLAGS + "(?:-.*|[ \\t]*)", Pattern.DOTALL);
  private static final Pattern STATE_MEMBER =
      Pattern.compile("[a-z0-9][a-z0-9_\\-*/@]{0,255}" + "=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");
  private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
  private static final String VALUE = "[!#-+\\--:<-\\[\\]-~]*+";
  private static final String OWS = "[ \\t]*+";
  private static final String PROPERTY =
      OWS + ";" + OWS + TOKEN + "(?:" + OWS + "=" + OWS + VALUE + ")?";
  private static final Pattern BAGGAGE_MEMBER =
      Pattern.compile(
          OWS + "(" + TOKEN + ")" + OWS + "=" + OWS + "(" + VALUE + ")" + OWS + "((?:" + PROPERTY
              + ")*+)" + OWS);
  private static final Pattern OUTER_BLANKS = Pattern.compile("^[ \\t]++|[ \\t]++\\z");
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9\\-_.:/+=@~]{1,128}");
  private static final Pattern GRPC = Pattern.compile("[ \\t]*([0-9]{1,8})([HMSmun])[ \\t]*");
  private static final Pattern MILLIS = Pattern.compile("[ \\t]*([0-9]{1,10})[ \\t]*");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "H", Duration.ofHours(1),
          "M", Duration.ofMinutes(1),
          "S", Duration.ofSeconds(1),
          "m", Duration.ofMillis(1),
          "u", Duration.ofNanos(1_000),
          "n", Duration.ofNanos(1));

  private static final String HEX = "0123456789abcdef";
  private static final String VISIBLE =
      "!\"#$%&'()*+-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

  /** A property is worth something only if many values are taken and many are refused. */
  private static void report(TestReporter reporter, String what, int tried, int taken) {
    reporter.publishEntry(what, tried + " generated, " + taken + " taken, none raised");
    assertThat(taken).as(what + " taken").isBetween(tried / 10, tried * 9 / 10);
  }

  /** Values may be long, and the beginning is enough to find the seed's value again. */
  private static AssertionError wrong(Object value) {
    String text = value.toString();
    return new AssertionError(text.substring(0, Math.min(300, text.length())));
  }

  private static String traceparent(HostileText text) {
    String version = text.oneIn(3) ? text.of(HEX, 2, 2) : "00";
    String trace = text.oneIn(50) ? "0".repeat(32) : text.of(HEX, 32, 32);
    String span = text.oneIn(50) ? "0".repeat(16) : text.of(HEX, 16, 16);
    String more = text.oneIn(5) ? "-" + text.rubbish() : "";
    return version + "-" + trace + "-" + span + "-" + text.of(HEX, 2, 2) + more;
  }

  @Test
  void traceparent(TestReporter reporter) {
    var text = new HostileText(1);
    int taken = 0;
    for (int i = 0; i < TRACEPARENTS; i++) {
      List<String> headers = text.headers(() -> traceparent(text));
      TraceContext trace = TraceContext.parse(headers, List.of());
      Matcher oracle = headers.size() == 1 ? traceOracle(headers.getFirst()) : null;
      if ((trace != null) != (oracle != null)) throw wrong(headers);
      if (trace == null || oracle == null) continue;
      taken++;
      int flags = Integer.parseInt(oracle.group(3), 16) & 3;
      String expected = "00-" + oracle.group(1) + "-" + oracle.group(2) + "-0" + flags;
      if (!trace.traceparent().equals(expected)) throw wrong(headers);
    }
    report(reporter, "traceparent", TRACEPARENTS, taken);
  }

  private static @Nullable Matcher traceOracle(String header) {
    Matcher now = TRACEPARENT_00.matcher(header);
    if (now.matches()) return now;
    Matcher later = TRACEPARENT_LATER.matcher(header);
    return later.matches() ? later : null;
  }

  private static String tracestate(HostileText text) {
    int members = text.oneIn(80) ? 28 + text.below(10) : text.below(4);
    var list = new ArrayList<String>();
    for (int i = 0; i < members; i++) {
      if (text.oneIn(10)) list.add("");
      int more = text.oneIn(30) ? 253 + text.below(5) : text.below(6);
      int size = text.oneIn(30) ? 253 + text.below(5) : text.below(6);
      list.add(
          text.blanks()
              + text.of("abcxyz0189", 1, 1)
              + text.of("abcxyz0189_-*/@", more, more)
              + "="
              + text.of(VISIBLE + " ", size, size)
              + text.of(VISIBLE, 1, 1)
              + text.blanks());
    }
    return String.join(",", list);
  }

  @Test
  void tracestate(TestReporter reporter) {
    var text = new HostileText(2);
    List<String> parent = List.of("00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-00");
    int taken = 0;
    for (int i = 0; i < TRACESTATES; i++) {
      List<String> headers = text.headers(() -> tracestate(text));
      TraceContext trace = requireNonNull(TraceContext.parse(parent, headers));
      String joined =
          headers.stream()
              .map(HostileHeadersTest::stripped)
              .filter(header -> !header.isEmpty())
              .collect(Collectors.joining(","));
      String expected = isState(joined) ? joined : "";
      if (!trace.traceState().equals(expected)) throw wrong(headers);
      if (!expected.isEmpty()) taken++;
    }
    report(reporter, "tracestate", TRACESTATES, taken);
  }

  private static boolean isState(String joined) {
    if (joined.length() > TraceState.LONGEST) return false;
    int members = 0;
    for (String part : joined.split(",", -1)) {
      String member = stripped(part);
      if (member.isEmpty()) continue;
      if (!STATE_MEMBER.matcher(member).matches()) return false;
      members++;
    }
    return members >= 1 && members <= 32;
  }

  private static String stripped(String text) {
    return OUTER_BLANKS.matcher(text).replaceAll("");
  }

  private static String baggage(HostileText text) {
    int members = text.oneIn(80) ? 60 + text.below(8) : text.below(4);
    var list = new ArrayList<String>();
    for (int i = 0; i < members; i++) {
      int length = text.oneIn(400) ? 4_000 + text.below(200) : text.below(8);
      var member = new StringBuilder();
      member.append(text.blanks()).append(text.of("abZ09!#$%&'*+-.^_`|~", 1, 5));
      member.append(text.blanks()).append('=').append(text.blanks());
      member.append(text.of("abZ09!#$%&'()*+-./:<=>?@[]^_`{|}~%", length, length));
      while (text.oneIn(4)) {
        member.append(text.blanks()).append(';').append(text.blanks()).append(text.of("pq", 1, 2));
        if (text.oneIn(2)) {
          member
              .append(text.blanks())
              .append('=')
              .append(text.blanks())
              .append(text.of("1=%", 0, 3));
        }
      }
      list.add(member + text.blanks());
    }
    return String.join(",", list);
  }

  @Test
  void baggage(TestReporter reporter) {
    var text = new HostileText(3);
    int taken = 0;
    for (int i = 0; i < BAGGAGES; i++) {
      List<String> headers = text.headers(() -> baggage(text));
      Baggage baggage = Baggage.parse(headers);
      var members = new ArrayList<Matcher>();
      int length = -1;
      for (String part : String.join(",", headers).split(",", -1)) {
        Matcher member = BAGGAGE_MEMBER.matcher(part);
        if (!member.matches()) continue;
        length += 1 + written(member).length();
        if (members.size() == 64 || length > 8192) break;
        members.add(member);
      }
      String expected =
          members.stream().map(HostileHeadersTest::written).collect(Collectors.joining(","));
      if (!baggage.header().equals(expected)) throw wrong(headers);
      if (baggage.isEmpty() != members.isEmpty()) throw wrong(headers);
      if (members.isEmpty()) continue;
      taken++;
      Matcher last = members.getLast();
      if (!decoded(last.group(2)).equals(baggage.get(last.group(1)))) {
        throw wrong(headers);
      }
      if (!Baggage.parse(List.of(baggage.header())).equals(baggage)) {
        throw wrong(headers);
      }
    }
    report(reporter, "baggage", BAGGAGES, taken);
  }

  private static String written(Matcher member) {
    return member.group(1) + "=" + member.group(2) + stripped(member.group(3));
  }

  /** The JDK's decoder of forms, with what it does otherwise taken out of its way. */
  private static String decoded(String value) {
    String plain = value.replaceAll("%(?![0-9A-Fa-f]{2})", "%25").replace("+", "%2B");
    return URLDecoder.decode(plain, UTF_8);
  }

  @Test
  @DisplayName("any value of baggage is read as it was written, by a header that is valid")
  void baggageOfAnyValue(TestReporter reporter) {
    var text = new HostileText(4);
    for (int i = 0; i < BAGGAGE_VALUES; i++) {
      String value = text.unicode(20);
      Baggage baggage = Baggage.EMPTY.with("k", value);
      String utf8 = new String(value.getBytes(UTF_8), UTF_8);
      if (!utf8.equals(baggage.get("k"))
          || !BAGGAGE_MEMBER.matcher(baggage.header()).matches()
          || !Baggage.parse(List.of(baggage.header())).equals(baggage)) {
        throw wrong(value);
      }
    }
    reporter.publishEntry("values of baggage", BAGGAGE_VALUES + " generated, none raised");
  }

  @Test
  void requestId(TestReporter reporter) {
    var text = new HostileText(5);
    String safe = "abcxyzABCXYZ0189-_.:/+=@~";
    int taken = 0;
    for (int i = 0; i < REQUEST_IDS; i++) {
      String received =
          text.header(() -> text.oneIn(10) ? text.of(safe, 120, 135) : text.of(safe, 0, 40));
      String id = RequestId.clean(received);
      String expected = REQUEST_ID.matcher(received).matches() ? received : null;
      if (id != expected) throw wrong(received);
      if (id != null) taken++;
    }
    report(reporter, "request id", REQUEST_IDS, taken);
  }

  @Test
  void timeouts(TestReporter reporter) {
    var text = new HostileText(6);
    int taken = 0;
    for (int i = 0; i < TIMEOUTS; i++) {
      String value = text.header(() -> text.of("0123456789", 1, 9) + text.of("HMSmun", 0, 1));
      Matcher grpc = GRPC.matcher(value);
      Matcher millis = MILLIS.matcher(value);
      Duration expected =
          grpc.matches()
              ? requireNonNull(UNITS.get(grpc.group(2))).multipliedBy(Long.parseLong(grpc.group(1)))
              : null;
      Duration expectedMillis =
          millis.matches() ? Duration.ofMillis(Long.parseLong(millis.group(1))) : null;
      check(DeadlineHeader.GRPC.parse(value), expected, value);
      check(DeadlineHeader.CONNECT.parse(value), expectedMillis, value);
      check(DeadlineHeader.ENVOY.parse(value), expectedMillis, value);
      if (expected != null || expectedMillis != null) taken++;
    }
    report(reporter, "timeouts", TIMEOUTS, taken);
  }

  private static void check(@Nullable Duration parsed, @Nullable Duration expected, String value) {
    if (expected == null ? parsed != null : !expected.equals(parsed)) throw wrong(value);
  }

  @Test
  @DisplayName("a time that is left is written with at most eight digits and never as a longer one")
  void durations(TestReporter reporter) {
    var text = new HostileText(7);
    Duration longest = Duration.ofHours(99_999_999);
    for (int i = 0; i < DURATIONS; i++) {
      long bits = 1L << text.below(63);
      Duration left =
          text.oneIn(2)
              ? Duration.ofNanos(bits + text.below(1_000) - 500)
              : Duration.ofSeconds(bits - text.below(3), text.below(1_000_000_000));
      String value = DeadlineHeader.GRPC.format(left);
      Duration read = requireNonNull(DeadlineHeader.GRPC.parse(value), value);
      if (!GRPC.matcher(value).matches()) throw wrong(left + " as " + value);
      if (!left.isPositive()) {
        assertThat(read).isZero();
        continue;
      }
      Duration reachable = left.compareTo(longest) < 0 ? left : longest;
      Duration least = reachable.minus(reachable.dividedBy(100_000));
      if (read.compareTo(left) > 0 || read.compareTo(least) < 0) {
        throw wrong(left + " as " + value);
      }
      String inMillis = DeadlineHeader.CONNECT.format(left);
      Duration readMillis = requireNonNull(DeadlineHeader.CONNECT.parse(inMillis), inMillis);
      if (readMillis.compareTo(left) > 0) throw wrong(left + " as " + inMillis);
    }
    reporter.publishEntry("durations", DURATIONS + " generated, none raised");
  }

  @Test
  @DisplayName("a request full of hostile headers gets a context, and what that sends on is valid")
  void requests(TestReporter reporter) {
    var text = new HostileText(8);
    URI target = URI.create("http://127.0.0.1/");
    Outgoing outgoing = Outgoing.standard().trusting(uri -> true);
    int continued = 0;
    for (int i = 0; i < REQUESTS; i++) {
      Map<String, List<String>> headers =
          Map.of(
              "X-Request-ID", text.headers(() -> text.of("ab01-", 1, 30)),
              "traceparent", text.headers(() -> traceparent(text)),
              "tracestate", text.headers(() -> tracestate(text)),
              "baggage", text.headers(() -> baggage(text)),
              "grpc-timeout", text.headers(() -> text.of("0123456789", 1, 8) + "m"),
              "Connect-Timeout-Ms", text.headers(() -> text.of("0123456789", 1, 8)));
      HeaderSource source = name -> headers.getOrDefault(name, List.of());
      Context ctx = Incoming.trusted().derive(Context.background(), source);
      Duration timeout = Incoming.trusted().timeout(source);
      if (timeout != null && timeout.isNegative()) throw wrong(headers);
      if (requireNonNull(ctx.value(TraceContext.KEY)).parentSpanId() != null) continued++;
      requireNonNull(ctx.value(RequestId.KEY));

      // The JDK's client refuses names and values that cannot stand in a header.
      var request = HttpRequest.newBuilder(target);
      outgoing.write(ctx.withTimeout(Duration.ofHours(1)), target, request::header);
      var sent = request.build().headers();
      Context next = Incoming.trusted().derive(Context.background(), sent::allValues);
      if (!Baggage.of(next).equals(Baggage.of(ctx))) throw wrong(headers);
      if (!requireNonNull(next.value(RequestId.KEY)).equals(ctx.value(RequestId.KEY))) {
        throw wrong(headers);
      }
    }
    report(reporter, "requests of six headers", REQUESTS, continued);
  }

  @Test
  void moreThanAMillion() {
    assertThat(
            TRACEPARENTS
                + TRACESTATES
                + BAGGAGES
                + BAGGAGE_VALUES
                + REQUEST_IDS
                + TIMEOUTS
                + DURATIONS
                + REQUESTS)
        .isGreaterThan(1_000_000);
  }
}
