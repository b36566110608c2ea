package dev.lanyard.gateway;

import org.jspecify.annotations.Nullable;

/**
 * An upstream could not be reached, or broke off. If that was in the middle of its response, it is
 * the cause with which the context of the request has ended.
 *
 * @since 0.1
 */
public final class UpstreamFailedException extends Exception {
  private static final long serialVersionUID = 1;

  UpstreamFailedException(String message, @Nullable Throwable cause) {
    super(message, cause, false, false);
  }
}
