package dev.lanyard.benchmarks.http;

import dev.lanyard.benchmarks.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A self-signed certificate for the servers in Java; the one in Go makes its own. */
final class KeyStoreFile {
  static final String PASSWORD = "loopback";

  private KeyStoreFile() {}

  static Path in(Path directory, Output output) throws IOException, InterruptedException {
    Path file = directory.resolve("loopback.p12");
    if (Files.exists(file)) return file;
    output.of(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "loopback",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=ip:127.0.0.1",
            "-validity",
            "365",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString()));
    return file;
  }
}
