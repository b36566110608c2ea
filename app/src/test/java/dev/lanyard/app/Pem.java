package dev.lanyard.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost that signed itself, as the files that a server has. */
final class Pem {
  private static final char[] PASSWORD = "not a secret".toCharArray();
  private final KeyStore store;

  /** Made by the JDK's keytool. */
  Pem(Path directory) throws Exception {
    Path file = directory.resolve("localhost.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    String options =
        " -genkeypair -alias server -keyalg EC -dname CN=localhost"
            + " -ext san=dns:localhost,ip:127.0.0.1 -validity 2 -storetype PKCS12";
    var command = new ArrayList<>(List.of((keytool + options).split(" ")));
    command.addAll(List.of("-keystore", file.toString(), "-storepass", new String(PASSWORD)));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) throw new AssertionError("keytool exited with " + exit);
    store = KeyStore.getInstance(file.toFile(), PASSWORD);
    write(directory, "server.crt", "CERTIFICATE", store.getCertificate("server").getEncoded());
    write(directory, "server.key", "PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded());
  }

  private static void write(Path directory, String name, String what, byte[] bytes)
      throws IOException {
    String text =
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n";
    Files.writeString(directory.resolve(name), text, StandardCharsets.US_ASCII);
  }

  /** For clients. */
  SSLContext trusted() throws GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return tls;
  }
}
