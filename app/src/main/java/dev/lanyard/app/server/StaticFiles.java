package dev.lanyard.app.server;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the dashboard, from the class path. A file is read and compressed once. Browsers ask
 * each time whether theirs is still the one, unless the URL names its content ({@code ?v=} and the
 * hash that is its ETag): then they never ask again.
 *
 * <p>Names are a closed form, so that no path climbs out and no class or key is served.
 */
final class StaticFiles implements Handler<RoutingContext> {
  private static final String FOLDER = "/dev/lanyard/app/dashboard/";
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z0-9][a-z0-9_-]*/){0,3}[A-Za-z0-9][A-Za-z0-9._-]*\\.([a-z0-9]+)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8",
          "webmanifest", "application/manifest+json");

  /** A smaller one fits into one packet as it is. */
  private static final int WORTH_COMPRESSING = 1024;

  private final Map<String, File> files = new ConcurrentHashMap<>();

  /** {@code compressed} is null where that gains nothing. */
  private record File(String type, String hash, Buffer content, @Nullable Buffer compressed) {}

  @Override
  public void handle(RoutingContext routing) {
    String path = Objects.requireNonNullElse(routing.request().path(), "");
    File file = find(path.equals("/") ? "index.html" : path.replaceFirst("^/", ""));
    if (file == null) routing.next();
    else send(routing, file);
  }

  private @Nullable File find(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) return null;
    String type = TYPES.get(matcher.group(1));
    if (type == null) return null;
    File known = files.get(name);
    if (known != null) return known;
    File read = read(name, type);
    if (read != null) files.put(name, read); // there are only so many
    return read;
  }

  private static @Nullable File read(String name, String type) {
    try (InputStream in = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) return null;
      byte[] bytes = in.readAllBytes();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new File(
          type, HexFormat.of().formatHex(hash, 0, 8), Buffer.buffer(bytes), compressed(bytes));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  private static @Nullable Buffer compressed(byte[] bytes) throws IOException {
    if (bytes.length < WORTH_COMPRESSING) return null;
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.size() < bytes.length * 9 / 10 ? Buffer.buffer(out.toByteArray()) : null;
  }

  private static void send(RoutingContext routing, File file) {
    HttpServerRequest request = routing.request();
    HttpServerResponse response = routing.response();
    Buffer compressed = accepts(request) ? file.compressed : null;
    String tag = '"' + file.hash + (compressed == null ? "" : "-gz") + '"';
    boolean named = file.hash.equals(request.getParam("v"));
    response
        .putHeader(HttpHeaders.ETAG, tag)
        .putHeader(HttpHeaders.VARY, "Accept-Encoding")
        .putHeader(
            HttpHeaders.CACHE_CONTROL, named ? "public, max-age=31536000, immutable" : "no-cache");
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && (known.equals("*") || known.contains(tag))) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, file.type);
    if (compressed != null) response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    response.end(compressed == null ? file.content : compressed);
  }

  private static boolean accepts(HttpServerRequest request) {
    String encodings = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    return encodings != null && encodings.contains("gzip") && !encodings.contains("gzip;q=0");
  }
}
