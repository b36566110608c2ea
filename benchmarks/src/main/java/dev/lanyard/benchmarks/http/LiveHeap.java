package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is reachable in a process of Java: counted after a collection.
 *
 * @param bytes of all objects
 * @param contexts and the requests and connections that have them
 * @param virtualThreads that are alive or can still be seen
 */
record LiveHeap(long bytes, long contexts, long virtualThreads) {
  private static final Set<String> CONTEXTS =
      Set.of(
          "dev.lanyard.context.LinkedScope",
          "dev.lanyard.context.Scope",
          "dev.lanyard.context.TimedScope",
          "dev.lanyard.context.Valued",
          "dev.lanyard.vertx.Connection",
          "dev.lanyard.vertx.RequestScope");

  /** The number, the instances, the bytes and the class. */
  private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

  static LiveHeap of(ServerProcess server, Output output) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    long bytes = 0;
    long contexts = 0;
    long virtualThreads = 0;
    for (String line :
        output.of(List.of(jcmd, Long.toString(server.pid()), "GC.class_histogram"))) {
      Matcher found = LINE.matcher(line);
      if (!found.matches()) continue;
      long instances = Long.parseLong(found.group(1));
      String type = found.group(3);
      bytes += Long.parseLong(found.group(2));
      if (CONTEXTS.contains(type)) contexts += instances;
      if (type.equals("java.lang.VirtualThread")) virtualThreads += instances;
    }
    return new LiveHeap(bytes, contexts, virtualThreads);
  }
}
