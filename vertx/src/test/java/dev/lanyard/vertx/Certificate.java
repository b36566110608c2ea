package dev.lanyard.vertx;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that signed itself, made by the JDK's keytool once for all tests. */
final class Certificate {
  private static final String PASSWORD = "not a secret";
  private static final byte[] STORE = make();
  private static final SSLContext CLIENT = trusting();

  private Certificate() {}

  static HttpServerOptions shownBy(HttpServerOptions options) {
    return options
        .setSsl(true)
        .setKeyCertOptions(new PfxOptions().setValue(Buffer.buffer(STORE)).setPassword(PASSWORD));
  }

  /** For clients. */
  static SSLContext trusted() {
    return CLIENT;
  }

  private static byte[] make() {
    try {
      Path directory = Files.createTempDirectory("certificate");
      Path store = directory.resolve("localhost.p12");
      try {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String options =
            " -genkeypair -alias server -keyalg EC -dname CN=localhost -ext san=dns:localhost"
                + " -validity 2 -storetype PKCS12";
        var command = new ArrayList<>(List.of((keytool + options).split(" ")));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) throw new AssertionError("keytool exited with " + exit);
        return Files.readAllBytes(store);
      } finally {
        Files.deleteIfExists(store);
        Files.delete(directory);
      }
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static SSLContext trusting() {
    try {
      KeyStore made = KeyStore.getInstance("PKCS12");
      made.load(new ByteArrayInputStream(STORE), PASSWORD.toCharArray());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", made.getCertificate("server"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException | IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
