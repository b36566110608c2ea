package dev.lanyard.benchmarks.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lanyard.context.TimeSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The client's side of a connection, down to how it ends. */
final class Connection implements AutoCloseable {
  private static final int MILLISECONDS_TO_SETTLE = 5;
  private static final int MILLISECONDS_TO_ANSWER = 5_000;

  /** Larger than anything that is sent, so that sending never waits for the server to read. */
  private static final int SEND_BUFFER = 1 << 20;

  private static final SSLContext TRUSTING = trusting();

  /** What the system closes when a program is killed. */
  private final Socket transport;

  /** What the client speaks through: the same, or TLS over it. */
  private final Socket socket;

  private Connection(Socket transport, Socket socket) {
    this.transport = transport;
    this.socket = socket;
  }

  static Connection open(Transport kind, ServerProcess server) throws IOException {
    var transport = new Socket();
    transport.setSendBufferSize(SEND_BUFFER);
    transport.setTcpNoDelay(true);
    transport.setSoTimeout(MILLISECONDS_TO_ANSWER);
    var address = InetAddress.ofLiteral("127.0.0.1");
    transport.connect(new InetSocketAddress(address, kind.tls ? server.tlsPort() : server.port()));
    var connection =
        new Connection(transport, kind.tls ? encrypted(transport, kind.http2) : transport);
    if (kind.http2) {
      connection.send(Frames.preface());
      Frames.awaitSettings(connection.socket.getInputStream());
      connection.send(Frames.settingsAcknowledged());
    }
    return connection;
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The server may close the connection before it has taken all. */
  void sendMore(byte[] bytes) throws IOException {
    try {
      send(bytes);
    } catch (SocketException reset) {
      return; // what the server says tells when
    }
  }

  /** Reads until the first event of a stream has come. */
  void awaitEvent() throws IOException {
    InputStream in = socket.getInputStream();
    var seen = new StringBuilder();
    byte[] buffer = new byte[4096];
    while (seen.indexOf("data: first") < 0) {
      int count = in.read(buffer);
      if (count < 0) throw new EOFException("no event but " + seen);
      seen.append(new String(buffer, 0, count, ISO_8859_1));
    }
  }

  /**
   * Reads what comes for some milliseconds, so that the server has nothing left to do, and so that
   * nothing is left unread here: the system would then send RST instead of FIN.
   */
  void settle() throws IOException {
    socket.setSoTimeout(MILLISECONDS_TO_SETTLE);
    byte[] buffer = new byte[4096];
    int count;
    do {
      try {
        count = socket.getInputStream().read(buffer);
      } catch (SocketTimeoutException nothingMoreComes) {
        return;
      } catch (SocketException reset) {
        return; // by the server: what it says tells when
      }
    } while (count >= 0);
  }

  /** Leaves, and returns when, on the clock that all processes share. */
  long leave(Departure departure) throws IOException {
    byte[] reset = Frames.reset();
    if (departure == Departure.RST) transport.setSoLinger(true, 0);
    long left = TimeSource.system().nanoTime();
    switch (departure) {
      case FIN, RST -> transport.close();
      case HALF_CLOSE -> transport.shutdownOutput();
      case CLOSE_NOTIFY -> socket.close();
      case RST_STREAM -> send(reset);
    }
    return left;
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }

  private static Socket encrypted(Socket transport, boolean http2) throws IOException {
    var socket =
        (SSLSocket)
            TRUSTING
                .getSocketFactory()
                .createSocket(transport, "127.0.0.1", transport.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {http2 ? "h2" : "http/1.1"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext trusting() {
    var everybody =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {everybody}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
