package dev.lanyard.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An nginx of its own, as the upstream of gateways or as one of them. */
final class Nginx implements AutoCloseable {
  private final Process process;
  private final int port;

  private Nginx(Path directory, int port, String servers) throws IOException {
    this.port = port;
    Files.createDirectories(directory);
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, configuration(directory.toAbsolutePath(), servers));
    process =
        new ProcessBuilder(
                List.of(
                    "nginx",
                    "-p",
                    directory.toAbsolutePath().toString(),
                    "-c",
                    file.toAbsolutePath().toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.log").toFile())
            .start();
  }

  static Nginx upstream(Path directory) throws IOException {
    int port = freePort();
    return new Nginx(
        directory,
        port,
        """
        server {
          listen 127.0.0.1:%d;
          location / { default_type text/plain; return 200 "hello"; }
        }
        """
            .formatted(port));
  }

  static Nginx proxy(Path directory, int upstream) throws IOException {
    int port = freePort();
    return new Nginx(
        directory,
        port,
        """
        upstream service {
          server 127.0.0.1:%d;
          keepalive 64;
          keepalive_requests 1000000;
        }
        server {
          listen 127.0.0.1:%d;
          location / {
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          }
        }
        """
            .formatted(upstream, port));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    process.destroyForcibly();
  }

  private static String configuration(Path directory, String servers) {
    return """
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log %1$s/error.log;
    events { worker_connections 1024; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      keepalive_requests 1000000;
      %2$s
    }
    """
        .formatted(directory, servers);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
