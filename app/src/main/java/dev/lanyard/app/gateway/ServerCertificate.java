package dev.lanyard.app.gateway;

import dev.lanyard.app.input.Node;
import dev.lanyard.app.input.Problems;
import dev.lanyard.app.input.Reason;
import dev.lanyard.app.input.Section;
import dev.lanyard.app.input.Visible;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * With what a gateway shows its clients who it is, in PEM.
 *
 * @param chain the certificate, and behind it those that vouch for it
 * @param key its private key, not encrypted
 */
record ServerCertificate(Buffer chain, Buffer key) {
  private static final Set<String> KEYS = Set.of("certificate", "key");

  /** Null if the file has none, or one that is wrong. */
  static @Nullable ServerCertificate read(Section file, Problems problems) {
    Node node = file.node("tls");
    if (node == null) return null;
    if (!(node instanceof Node.Mapping mapping)) {
      file.wrong("tls", node, "a mapping with certificate and key");
      return null;
    }
    Section section = new Section(mapping, "tls", KEYS, problems);
    Buffer chain = content(section, "certificate", "CERTIFICATE-----", problems);
    Buffer key = content(section, "key", "PRIVATE KEY-----", problems);
    return chain == null || key == null ? null : new ServerCertificate(chain, key);
  }

  private static @Nullable Buffer content(
      Section section, String key, String mark, Problems problems) {
    Node node = section.node(key);
    if (node == null) {
      if (section.complete()) {
        problems.add(section.place(), "expected a \"" + key + "\" for tls, found none");
      }
      return null;
    }
    String name = section.text(key);
    if (name == null) return null;
    String why;
    try {
      Buffer content = Buffer.buffer(Files.readAllBytes(Path.of(name)));
      if (content.toString().contains(mark)) return content;
      why = "has no line that ends with " + mark;
    } catch (NoSuchFileException _) {
      why = "no such file";
    } catch (AccessDeniedException _) {
      why = "permission denied";
    } catch (IOException | InvalidPathException e) {
      why = Reason.of(e);
    }
    problems.add(node.place(), "\"" + key + "\": " + Visible.of(name) + ": " + Visible.of(why));
    return null;
  }

  /** HTTP/2 is offered, and taken by clients that speak it. */
  HttpServerOptions shownBy(HttpServerOptions options) {
    return options
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(new PemKeyCertOptions().setCertValue(chain).setKeyValue(key));
  }
}
