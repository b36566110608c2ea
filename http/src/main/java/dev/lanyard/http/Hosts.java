package dev.lanyard.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A list of hosts, for {@link Outgoing}. A name stands for itself. {@code *.example.com} stands for
 * all names that end in {@code .example.com} and not for {@code example.com}, nor for {@code
 * evilexample.com}.
 *
 * {@snippet :
 * Outgoing ours = Outgoing.standard().trusting(Hosts.of("billing", "*.svc.cluster.local"));
 * }
 *
 * <p>Case does not matter, nor does a dot at the end; the port is not looked at. Nothing is
 * resolved: this compares names. A URI without a host is not on any list. Immutable.
 *
 * @since 0.1
 */
public final class Hosts implements Predicate<URI> {
  private final Set<String> names;

  /** With their dot at the front. */
  private final List<String> suffixes;

  private Hosts(Set<String> names, List<String> suffixes) {
    this.names = names;
    this.suffixes = suffixes;
  }

  /**
   * A list of hosts.
   *
   * @param hosts names, addresses as they stand in a URI, or {@code *.} and a name
   * @return the list
   * @throws IllegalArgumentException if one is empty, or has a star elsewhere
   */
  public static Hosts of(String... hosts) {
    for (String host : hosts) {
      String name = host.startsWith("*.") ? host.substring(2) : host;
      if (canonical(name).isEmpty() || name.startsWith(".") || name.indexOf('*') >= 0) {
        throw new IllegalArgumentException(
            "\"" + host + "\" is no host, nor \"*.\" and the end of one");
      }
    }
    return new Hosts(
        Stream.of(hosts)
            .filter(host -> !host.startsWith("*"))
            .map(Hosts::canonical)
            .collect(Collectors.toUnmodifiableSet()),
        Stream.of(hosts)
            .filter(host -> host.startsWith("*"))
            .map(host -> canonical(host.substring(1)))
            .toList());
  }

  /**
   * Whether the host of a URI is on the list.
   *
   * @param target any URI
   * @return false if it names no host
   */
  @Override
  public boolean test(URI target) {
    if (target.getHost() == null) return false;
    String host = canonical(target.getHost());
    if (names.contains(host)) return true;
    for (String suffix : suffixes) {
      if (host.length() > suffix.length() && host.endsWith(suffix)) return true;
    }
    return false;
  }

  @Override
  public String toString() {
    return Stream.concat(names.stream(), suffixes.stream().map(suffix -> "*" + suffix))
        .sorted()
        .toList()
        .toString();
  }

  private static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
