package dev.lanyard.vertx;

import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What bytes travel on. */
enum Transport {
  TCP,
  TLS;

  HttpServerOptions options(Limits limits) {
    return on(limits.options());
  }

  HttpServerOptions on(HttpServerOptions options) {
    return this == TLS ? Certificate.shownBy(options) : options;
  }

  Wire connect(Served served, String... protocols) throws IOException {
    var below = new Socket(InetAddress.getLoopbackAddress(), served.port());
    return connect(below, protocols);
  }

  Wire connect(Socket below, String... protocols) throws IOException {
    below.setSoTimeout((int) Served.PATIENCE.toMillis());
    below.setTcpNoDelay(true);
    return new Wire(this == TLS ? secured(below, protocols) : below, below);
  }

  private static Socket secured(Socket below, String... protocols) throws IOException {
    var secured =
        (SSLSocket)
            Certificate.trusted()
                .getSocketFactory()
                .createSocket(below, "localhost", below.getPort(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }
}
