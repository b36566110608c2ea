package dev.lanyard.app.server;

import java.util.regex.Pattern;

/** Which names and addresses are those of this machine alone. Nothing is looked up. */
final class Loopback {
  private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");
  private static final Pattern IPV4_ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6_ADDRESS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Loopback() {}

  static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || IPV4.matcher(host).matches()
        || host.equals("::1")
        || host.equals("0:0:0:0:0:0:0:1");
  }

  /** Whether it is an address and no name. */
  static boolean isAddress(String host) {
    return IPV4_ADDRESS.matcher(host).matches() || IPV6_ADDRESS.matcher(host).matches();
  }
}
