package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import dev.lanyard.app.terminal.Window;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at what the program stands on. */
final class MachineChecks {
  private static final int WANTED = 25;

  private MachineChecks() {}

  static Finding jdk() {
    int found = Runtime.version().feature();
    String text = Runtime.version() + " in " + System.getProperty("java.home");
    return found >= WANTED
        ? Finding.good("Java", text)
        : Finding.missing("Java", text + ": a JDK " + WANTED + " is needed");
  }

  static Finding terminal() {
    return Window.isThere()
        ? Finding.good("Terminal", "bars and colors")
        : Finding.lacking("Terminal", "none here: plain lines, no bars");
  }

  /** Commands get a session of their own where it is there, and are ended as a whole. */
  static Finding setsid() {
    String path = System.getenv("PATH");
    if (path != null) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        Path program = Path.of(folder, "setsid");
        if (Files.isExecutable(program)) return Finding.good("setsid", program.toString());
      }
    }
    return Finding.lacking(
        "setsid",
        "not on the PATH (util-linux): commands that detach themselves may outlive theirs");
  }

  static Finding port(Address listen) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(listen.host(), listen.port()));
      return Finding.good("Port", listen + " is free");
    } catch (IOException | IllegalArgumentException e) {
      return Finding.missing(
          "Port", listen + ": " + e.getMessage() + "; end what listens there, or use --listen");
    }
  }
}
