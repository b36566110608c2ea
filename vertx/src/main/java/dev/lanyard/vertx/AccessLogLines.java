package dev.lanyard.vertx;

import dev.lanyard.http.RequestEnd;
import dev.lanyard.http.RequestId;
import dev.lanyard.http.TraceContext;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;

/**
 * Puts the lines of the access log together. For one thread. Plain appending and a second that is
 * formatted once: with the formatters of the JDK this was the dearest thing in a request.
 */
final class AccessLogLines {
  private final StringBuilder text = new StringBuilder();
  private char[] characters = new char[1 << 14];
  private long second = Long.MIN_VALUE;
  private String formattedSecond = "";

  void add(CompletedRequest request) {
    timestamp(request.begun());
    text.append(' ').append(request.remote()).append(' ');
    escaped(request.method());
    text.append(' ');
    escaped(request.target());
    text.append(' ').append(request.status()).append(' ').append(request.bytesWritten());
    text.append("B ");
    long micros = request.duration().toNanos() / 1000;
    text.append(micros / 1000).append('.');
    threeDigits((int) (micros % 1000));
    text.append("ms ");
    text.append(request.cause() instanceof RequestEnd end ? end.kind() : "cancelled");
    String id = request.ctx().value(RequestId.KEY);
    if (id != null) text.append(" id=").append(id);
    TraceContext trace = request.ctx().value(TraceContext.KEY);
    if (trace != null) text.append(" trace=").append(trace.traceId());
    text.append('\n');
  }

  /** What was put together since the last call. */
  void writeTo(Writer writer) throws IOException {
    int length = text.length();
    if (characters.length < length) characters = new char[length * 2];
    text.getChars(0, length, characters, 0);
    text.setLength(0);
    writer.write(characters, 0, length);
  }

  private void timestamp(Instant moment) {
    if (moment.getEpochSecond() != second) {
      second = moment.getEpochSecond();
      formattedSecond = Instant.ofEpochSecond(second).toString().replace("Z", "");
    }
    text.append(formattedSecond).append('.');
    threeDigits(moment.getNano() / 1_000_000);
    text.append('Z');
  }

  private void threeDigits(int number) {
    if (number < 100) text.append('0');
    if (number < 10) text.append('0');
    text.append(number);
  }

  private void escaped(String hostile) {
    int plain = 0;
    while (plain < hostile.length() && isPlain(hostile.charAt(plain))) plain++;
    text.append(hostile, 0, plain);
    for (int i = plain; i < hostile.length(); i++) {
      char c = hostile.charAt(i);
      if (isPlain(c)) text.append(c);
      else text.append(String.format("\\u%04x", (int) c));
    }
  }

  private static boolean isPlain(char c) {
    return c > ' ' && c < 0x7f && c != '\\';
  }
}
