package dev.lanyard.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** How a failure on a thread of the transport's, or of a fork, reaches the thread that waited. */
final class Failures {
  private Failures() {}

  /**
   * For {@code throw}: of the same type, as {@link java.net.http.HttpClient#send} does it, with the
   * stack of the caller and the original as cause. Types that this does not know are thrown as they
   * are.
   */
  static IOException withCallersStack(Throwable failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case HttpConnectTimeoutException _ -> from(failure, new HttpConnectTimeoutException(message));
      case HttpTimeoutException _ -> from(failure, new HttpTimeoutException(message));
      case ConnectException _ -> from(failure, new ConnectException(message));
      case ProtocolException _ -> from(failure, new ProtocolException(message));
      case SSLHandshakeException _ -> new SSLHandshakeException(message, failure);
      case SSLException _ -> new SSLException(message, failure);
      case IOException known when known.getClass() != IOException.class -> known;
      default -> new IOException(message, failure);
    };
  }

  /** As {@link #withCallersStack}, of what a fork threw. */
  static IOException ofFork(ExecutionException failed) {
    return withCallersStack(failed.getCause() == null ? failed : failed.getCause());
  }

  private static IOException from(Throwable failure, IOException sameType) {
    sameType.initCause(failure);
    return sameType;
  }
}
