package dev.lanyard.tasks;

import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One exchange over HTTP that ends with a context. */
final class Exchange {
  /** Made when the first request is sent: a processor without such tasks does not pay for it. */
  private static final class Client {
    static final HttpClient SHARED =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  }

  private Exchange() {}

  /** Refuses what the client would refuse later: some headers are its own. */
  static void check(String method, Map<String, String> headers) {
    request(method, URI.create("http://localhost/"), headers, null);
  }

  static Http.Reply send(Context context, Http work) throws IOException, InterruptedException {
    HttpRequest request = request(work.method(), work.uri(), work.headers(), work.body());
    // The future itself and not one that depends on it: only its cancellation ends the exchange.
    CompletableFuture<HttpResponse<BoundedBody.Text>> exchange =
        Client.SHARED.sendAsync(request, _ -> new BoundedBody(work.maxBodyBytes()));
    try {
      HttpResponse<BoundedBody.Text> response = context.await(exchange);
      Map<String, String> headers =
          response.headers().map().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey, entry -> String.join(", ", entry.getValue())));
      return new Http.Reply(
          response.statusCode(), headers, response.body().text(), response.body().cut());
    } catch (ContextException | InterruptedException ended) {
      exchange.cancel(true);
      throw ended;
    } catch (CompletionException failed) {
      throw failure(work, failed.getCause() == null ? failed : failed.getCause());
    }
  }

  private static HttpRequest request(
      String method, URI uri, Map<String, String> headers, @Nullable String body) {
    var builder =
        HttpRequest.newBuilder(uri)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(builder::setHeader);
    return builder.build();
  }

  /** The client says too little of some failures. */
  private static IOException failure(Http work, Throwable cause) {
    String where = work.method() + " " + work.uri();
    String what = cause instanceof ConnectException ? "cannot connect" : Wording.failure(cause);
    return new IOException(where + ": " + what, cause);
  }
}
