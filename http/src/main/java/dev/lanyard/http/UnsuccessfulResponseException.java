package dev.lanyard.http;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/**
 * None of several requests succeeded, and this is the response of one of them. Its body, if it was
 * to be read as a stream, has been closed.
 *
 * @since 0.1
 */
public final class UnsuccessfulResponseException extends IOException {
  private static final long serialVersionUID = 1;

  /** Of the response. */
  private final int statusCode;

  private final transient HttpHeaders headers;

  UnsuccessfulResponseException(HttpResponse<?> response) {
    // Without user, query and fragment: those may hold what does not belong into a log.
    super(
        response.request().method()
            + " "
            + response.uri().getScheme()
            + "://"
            + response.uri().getHost()
            + (response.uri().getPort() < 0 ? "" : ":" + response.uri().getPort())
            + response.uri().getPath()
            + " was answered with status "
            + response.statusCode());
    statusCode = response.statusCode();
    headers = response.headers();
  }

  /**
   * The status of the response.
   *
   * @return its code
   */
  public int statusCode() {
    return statusCode;
  }

  /**
   * The headers of the response.
   *
   * @return its headers
   */
  public HttpHeaders headers() {
    return headers;
  }
}
