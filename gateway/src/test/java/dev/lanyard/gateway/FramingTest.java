package dev.lanyard.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers might read differently, byte by byte. */
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingTest {
  /** Or no answer, and the connection closed. */
  private static final Pattern REFUSED =
      Pattern.compile("(HTTP/1\\.[01] (400|404|405|501) .*)?", Pattern.DOTALL);

  private final List<String> seen = new CopyOnWriteArrayList<>();

  private final Proxied proxied = new Proxied(UnaryOperator.identity(), this::note);

  @AfterAll
  void close() {
    proxied.close();
  }

  private void note(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          seen.add(request.method() + " " + request.uri() + " " + body);
          request.response().end("ok");
        });
  }

  private String answer(String text) throws IOException {
    seen.clear();
    return proxied.exchange(text.replace("\n", "\r\n").replace("<lf>", "\n").replace("<cr>", "\r"));
  }

  private static final String CHUNKED = "Transfer-Encoding: chunked\n";

  @ParameterizedTest
  @DisplayName("is refused, the connection closed, and no service sees any of it")
  @ValueSource(
      strings = {
        // both lengths, in both orders
        "POST / HTTP/1.1\nHost: x\nContent-Length: 6\n"
            + CHUNKED
            + "\n0\n\nGET /x HTTP/1.1\nHost: x\n\n",
        "POST / HTTP/1.1\nHost: x\n"
            + CHUNKED
            + "Content-Length: 30\n\n0\n\nGET /x HTTP/1.1\nHost: x\n\n",
        // several lengths
        "POST / HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 2\n\nab",
        "POST / HTTP/1.1\nHost: x\nContent-Length: 1, 2\n\nab",
        "POST / HTTP/1.1\nHost: x\nContent-Length: +1\n\na",
        "POST / HTTP/1.1\nHost: x\nContent-Length: -1\n\na",
        "POST / HTTP/1.1\nHost: x\nContent-Length: 0x1\n\na",
        "POST / HTTP/1.1\nHost: x\nContent-Length: 1 1\n\na",
        // codings that hide or are not known
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: xchunked\n\n0\n\n",
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked, identity\n\n0\n\n",
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: gzip, chunked\n\n0\n\n",
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding: \u000bchunked\n\n0\n\n",
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding : chunked\n\n0\n\n",
        "POST / HTTP/1.1\nConnection: close\nHost: x\n Transfer-Encoding: chunked\n\n",
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + CHUNKED + "\n0\n\n",
        "POST / HTTP/1.0\nHost: x\n" + CHUNKED + "\n0\n\n",
        // chunks
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + "\nZ\na\n0\n\n",
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + "\n-1\na\n0\n\n",
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + "\n0x1\na\n0\n\n",
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + "\n1\nab\n0\n\n",
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + "\n1;a<lf>b\na\n0\n\n",
        "POST / HTTP/1.1\nHost: x\n" + CHUNKED + "\n100000000000000001\na\n0\n\n",
        // lines
        "GET / HTTP/1.1<lf>Host: x<lf><lf>",
        "GET / HTTP/1.1\nHost: x<lf>Transfer-Encoding: chunked\n\n",
        "GET / HTTP/1.1\nHost: x\nA: b<cr>c\n\n",
        "GET / HTTP/1.1\nHost: x\nA: b\0c\n\n",
        "GET / HTTP/1.1\nHost: x\nConnection: close\n: b\n\n",
        // lines without a colon
        "GET / HTTP/1.1\nHost: x\nA\n\n",
        "GET / HTTP/1.1\nHost: x\nHost y\n\n",
        "POST / HTTP/1.1\nHost: x\nContent-Length 5\n\nhello",
        "POST / HTTP/1.1\nHost: x\nTransfer-Encoding chunked\n\n0\n\n",
        // targets and hosts
        "GET / HTTP/1.1\nConnection: close\n\n",
        "GET / HTTP/1.1\nHost: x\nHost: y\n\n",
        "GET /a/../b HTTP/1.1\nHost: x\n\n",
        "GET /a/%2E%2e/b HTTP/1.1\nHost: x\n\n",
        "GET /a/..%2fb HTTP/1.1\nHost: x\n\n",
        "GET /a/..;/b HTTP/1.1\nHost: x\n\n",
        "GET /a/..\\b HTTP/1.1\nHost: x\nConnection: close\n\n",
        "OPTIONS * HTTP/1.1\nHost: x\nConnection: close\n\n",
        "CONNECT x:80 HTTP/1.1\nHost: x:80\nConnection: close\n\n",
        "TRACE / HTTP/1.1\nHost: x\n\n",
      })
  void isRefused(String text) throws Exception {
    String answer = answer(text);
    assertThat(answer).matches(REFUSED);
    assertThat(seen).isEmpty();
  }

  @Test
  @DisplayName("a folded line is passed on as one line, and hides nothing")
  void foldedLine() throws Exception {
    String answer =
        answer(
            "POST / HTTP/1.1\nHost: x\nConnection: close\nA: b\n\tTransfer-Encoding: chunked\n\n");
    assertThat(answer).startsWith("HTTP/1.1 200");
    assertThat(seen).containsExactly("POST / ");
  }

  @Test
  @DisplayName("a chunked body is passed on whole, and what follows it is the next request")
  void chunkedIsFine() throws Exception {
    String answer =
        answer(
            "POST /a HTTP/1.1\nHost: x\n"
                + CHUNKED
                + "\n3;ext=1\nabc\n2\nde\n0\nTrailer: t\n\nGET /b HTTP/1.1\nHost: x\nConnection: close\n\n");
    assertThat(seen).containsExactly("POST /a abcde", "GET /b ");
    assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(3);
  }

  @Test
  @DisplayName("an absolute target is sent on as a path, with its host")
  void absoluteTarget() throws Exception {
    answer("GET http://other/a?b HTTP/1.1\nHost: other\nConnection: close\n\n");
    assertThat(seen).containsExactly("GET /a?b ");
  }

  @Test
  @DisplayName("a client of HTTP/1.0 gets a body without chunks, and the end of the connection")
  void http10() throws Exception {
    try (var chunking =
        new Proxied(
            UnaryOperator.identity(),
            request -> {
              request.response().setChunked(true);
              var _ = request.response().write("abc");
              request.response().end("def");
            })) {
      String answer = chunking.exchange("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
      assertThat(answer).matches("(?s)HTTP/1.[01] 200.*").endsWith("\r\n\r\nabcdef");
    }
  }
}
