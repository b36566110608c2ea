package dev.lanyard.app.server;

import dev.lanyard.app.input.Address;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests as no client library would send them. */
final class Wire {
  private static final int PATIENCE_MILLIS = 30_000;

  private Wire() {}

  /** Sends lines and a body, and reads all that is answered until the server closes. */
  static String exchange(Address address, String body, String... head) throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String text = String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n" + body;
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static int status(String response) {
    return Integer.parseInt(response.substring(9, 12));
  }
}
