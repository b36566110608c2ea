package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Output;
import dev.lanyard.benchmarks.ProgramFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads a server as fast as it goes, from one thread. */
record Wrk(Output output) {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s*([\\d.]+)");

  /** What a caller sends that is itself a service. */
  private static final List<String> HEADERS =
      List.of(
          "-H",
          "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "-H",
          "grpc-timeout: 5S");

  /**
   * What came of it.
   *
   * @param requests that were answered
   * @param rate of them in a second
   */
  record Load(long requests, double rate) {}

  Load load(String url, int connections, int seconds) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s"));
    command.addAll(HEADERS);
    command.add(url);
    String printed = String.join("\n", output.of(command));
    if (printed.contains("Non-2xx") || printed.contains("Socket errors")) {
      throw new ProgramFailedException(url + " did not answer every request:\n" + printed);
    }
    return new Load(
        Long.parseLong(find(REQUESTS, printed)), Double.parseDouble(find(RATE, printed)));
  }

  private static String find(Pattern pattern, String printed) throws ProgramFailedException {
    Matcher found = pattern.matcher(printed);
    if (!found.find()) throw new ProgramFailedException("wrk has changed its words:\n" + printed);
    return found.group(1);
  }
}
