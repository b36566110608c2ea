package dev.lanyard.app.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Issue 7: the files of the dashboard. {@code probe.js} and {@code probe.css} are files of tests.
 */
class StaticFilesTest {
  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void serve() throws Exception {
    served = Served.listening(directory, "--token", "not-needed-for-the-page");
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  @DisplayName("types are right, browsers ask again, and 304 is what they mostly get")
  void conditional() throws Exception {
    HttpResponse<String> first = served.get("/probe.js");
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(Served.header(first, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(Served.header(first, "Cache-Control")).isEqualTo("no-cache");
    String tag = Served.header(first, "ETag");
    HttpResponse<String> again =
        served.send(served.request("/probe.js").header("If-None-Match", tag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    HttpResponse<String> other =
        served.send(served.request("/probe.js").header("If-None-Match", "\"other\""));
    assertThat(other.statusCode()).isEqualTo(200);
    HttpResponse<String> named = served.get("/probe.js?v=" + tag.replace("\"", ""));
    assertThat(Served.header(named, "Cache-Control")).contains("immutable");
    HttpResponse<String> misnamed = served.get("/probe.js?v=0000");
    assertThat(Served.header(misnamed, "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  @DisplayName("what is worth it is compressed for those who can read it, with a tag of its own")
  void compressed() throws Exception {
    HttpResponse<byte[]> zipped =
        served.client.send(
            served.request("/probe.css").header("Accept-Encoding", "gzip, br").build(),
            BodyHandlers.ofByteArray());
    assertThat(Served.header(zipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(Served.header(zipped, "Vary")).contains("Accept-Encoding");
    HttpResponse<String> plain = served.get("/probe.css");
    assertThat(Served.header(plain, "Content-Encoding")).isNull();
    assertThat(Served.header(plain, "ETag")).isNotEqualTo(Served.header(zipped, "ETag"));
    byte[] unzipped =
        new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(zipped.body()))
            .readAllBytes();
    assertThat(unzipped).asString().isEqualTo(plain.body());
    assertThat(zipped.body().length).isLessThan(plain.body().length() / 2);
  }

  @Test
  @DisplayName("nothing else of the class path is served")
  void closed() throws Exception {
    for (String path :
        List.of(
            "/StaticFiles.class", "/probe", "/probe.class", "/package-info.java", "/probe.js/x")) {
      assertThat(served.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }
}
