package dev.lanyard.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Requests that two servers might read differently, or that are for proxies of another kind. What
 * the decoder below refuses does not come here; this refuses what it lets through.
 *
 * @param status of the answer, after which the connection is closed
 * @param why for the client
 */
record Refusal(int status, String why) {

  /** Null if there is nothing to object to. */
  static @Nullable Refusal of(HttpServerRequest request) {
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE)) {
      return new Refusal(405, "this is a gateway: it takes neither CONNECT nor TRACE");
    }
    if (request.version() != HttpVersion.HTTP_2) {
      Refusal framing = framing(request);
      if (framing != null) return framing;
    }
    if (!request.uri().chars().allMatch(Refusal::isVisible)) {
      return new Refusal(400, "the target of the request has characters that none may have");
    }
    String path = request.path();
    if (path == null || !path.startsWith("/")) {
      return new Refusal(400, "the target of the request has no path");
    }
    if (climbs(path)) {
      return new Refusal(400, "the path has segments that mean \"here\" or \"above\"");
    }
    return null;
  }

  /** In HTTP/1.1 a blank ends the target; HTTP/2 would let it through. */
  private static boolean isVisible(int c) {
    return c > ' ' && c != 0x7f;
  }

  private static @Nullable Refusal framing(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (headers.contains("")) return new Refusal(400, "a header has no name");
    List<String> coding = headers.getAll("transfer-encoding");
    List<String> length = headers.getAll("content-length");
    if (!coding.isEmpty()) {
      if (!length.isEmpty()) return new Refusal(400, "the length of the body is said twice");
      if (request.version() == HttpVersion.HTTP_1_0) {
        return new Refusal(400, "HTTP/1.0 knows no transfer encoding");
      }
      if (coding.size() > 1 || !coding.getFirst().equalsIgnoreCase("chunked")) {
        return new Refusal(501, "of transfer encodings only \"chunked\" is known");
      }
    }
    if (length.size() > 1) return new Refusal(400, "the length of the body is said twice");
    int hosts = headers.getAll("host").size();
    if (hosts > 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_1)) {
      return new Refusal(400, "a request has one Host");
    }
    if (hosts == 1 && request.authority() == null) {
      return new Refusal(400, "the Host is none");
    }
    return null;
  }

  /**
   * Whether somebody behind might take it for a path that another route takes: {@code /a/../b},
   * also with an escaped dot or slash, a backslash, or parameters after a semicolon.
   */
  private static boolean climbs(String path) {
    if (path.indexOf('.') < 0 && path.toLowerCase(Locale.ROOT).indexOf("%2e") < 0) return false;
    String plain =
        path.toLowerCase(Locale.ROOT)
            .replace("%2e", ".")
            .replace("%2f", "/")
            .replace("%5c", "/")
            .replace('\\', '/');
    for (String segment : plain.split("/", -1)) {
      int parameters = segment.indexOf(';');
      String name = parameters < 0 ? segment : segment.substring(0, parameters);
      if (name.equals(".") || name.equals("..")) return true;
    }
    return false;
  }
}
