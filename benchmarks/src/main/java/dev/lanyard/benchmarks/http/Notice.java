package dev.lanyard.benchmarks.http;

import org.jspecify.annotations.Nullable;

/** A line by which a server under test tells what happens in it, in whatever language it is. */
sealed interface Notice {
  /** The server answers on two ports of the loopback interface. */
  record Listening(int port, int tlsPort) implements Notice {
    @Override
    public String toString() {
      return "listening " + port + " " + tlsPort;
    }
  }

  /** The handler of a request is about to block. */
  record Started(int id) implements Notice {
    @Override
    public String toString() {
      return "started " + id;
    }
  }

  /**
   * The context of a request has ended.
   *
   * @param nanoTime when, on the monotonic clock of the machine, which all its processes share
   * @param cause in a word
   */
  record Ended(int id, long nanoTime, String cause) implements Notice {
    @Override
    public String toString() {
      return "ended " + id + " " + nanoTime + " " + cause;
    }
  }

  /** Null if the line is none. */
  static @Nullable Notice parse(String line) {
    String[] words = line.split(" ", -1);
    return switch (words[0]) {
      case "listening" -> new Listening(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      case "started" -> new Started(Integer.parseInt(words[1]));
      case "ended" -> new Ended(Integer.parseInt(words[1]), Long.parseLong(words[2]), words[3]);
      default -> null;
    };
  }
}
