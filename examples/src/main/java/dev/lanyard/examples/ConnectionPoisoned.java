package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A read that blocks ends with its context, and the connection can still be written to. */
final class ConnectionPoisoned {
  // @start region="guide"
  static int read(Context ctx, Socket connection) throws IOException, InterruptedException {
    InputStream in = connection.getInputStream(); // a poisoned connection gives none out
    var poisoned = new CountDownLatch(1);
    try (Registration poison =
        ctx.afterFunc(() -> {
          poison(connection);
          poisoned.countDown();
        })) {
      int read = in.read();
      if (!poison.stop()) {
        poisoned.await(); // it has begun: nobody else may use the connection before it is over
        ctx.throwIfDone();
      }
      return read;
    }
  }

  private static void poison(Socket connection) {
    try {
      connection.shutdownInput();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  // @end

  static void main() throws IOException, InterruptedException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket silent = server.accept();
        CancellableContext ctx = Context.background().withTimeout(Duration.ofMillis(50))) {
      try {
        read(ctx, client);
      } catch (ContextException ended) {
        IO.println("read: " + ended.getMessage());
      }
      client.getOutputStream().write('!');
      IO.println("written all the same: " + (char) silent.getInputStream().read());
    }
  }
}

// Output:
// read: context deadline exceeded
// written all the same: !
