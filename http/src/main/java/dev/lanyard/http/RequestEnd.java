package dev.lanyard.http;

import dev.lanyard.context.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why the context of a request that a server handles has ended: its {@linkplain Context#cause()
 * cause}. Logs and metrics tell the four apart by type.
 *
 * <p>None has a stack trace: it would show how the server noticed, not why the request ended.
 *
 * @since 0.1
 */
public abstract sealed class RequestEnd extends Exception {
  private static final long serialVersionUID = 1;

  private RequestEnd(@Nullable String message) {
    super(message, null, false, false);
  }

  /**
   * In a word, for logs and metrics.
   *
   * @return {@code finished}, {@code client-gone}, {@code timed-out} or {@code shutting-down}
   */
  public abstract String kind();

  /** The handler has returned, or its response has been sent. */
  public static final class Finished extends RequestEnd {
    private static final long serialVersionUID = 1;

    /** The one instance: an end that all requests hope for must cost nothing. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // has neither a stack nor suppressed ones
    public static final Finished INSTANCE = new Finished();

    private Finished() {
      super("the request is finished");
    }

    @Override
    public String kind() {
      return "finished";
    }
  }

  /** The client closed the connection, reset the stream, or stopped taking the response. */
  public static final class ClientGone extends RequestEnd {
    private static final long serialVersionUID = 1;

    /**
     * For a server that has noticed it.
     *
     * @param how what was noticed, such as "the connection was closed"
     */
    public ClientGone(String how) {
      super("the client has gone: " + how);
    }

    @Override
    public String kind() {
      return "client-gone";
    }
  }

  /** The time that the server, or the caller by a header, allows for the request has passed. */
  public static final class TimedOut extends RequestEnd {
    private static final long serialVersionUID = 1;

    /** How long the request was allowed to take. */
    private final Duration limit;

    /** Whether the caller set the limit. */
    private final boolean callers;

    /**
     * For a server that sets a limit.
     *
     * @param limit how long the request was allowed to take
     * @param callers whether the caller asked for that limit: the answer is then 504, otherwise 503
     */
    public TimedOut(Duration limit, boolean callers) {
      super(null);
      this.limit = limit;
      this.callers = callers;
    }

    /** Put together when it is read: each request has one of these, and few of them time out. */
    @Override
    public String getMessage() {
      String whose = callers ? "its caller waits: " : "this server allows: ";
      return "the request took longer than " + whose + limit.toMillis() + " ms";
    }

    /**
     * How long the request was allowed to take.
     *
     * @return the limit
     */
    public Duration limit() {
      return limit;
    }

    /**
     * Whether the caller set the limit.
     *
     * @return false if it was the server's own
     */
    public boolean isCallers() {
      return callers;
    }

    @Override
    public String kind() {
      return "timed-out";
    }
  }

  /** The server stops, and has waited for the request as long as it was told to. */
  public static final class ShuttingDown extends RequestEnd {
    private static final long serialVersionUID = 1;

    /** The one instance. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // has neither a stack nor suppressed ones
    public static final ShuttingDown INSTANCE = new ShuttingDown();

    private ShuttingDown() {
      super("the server is shutting down");
    }

    @Override
    public String kind() {
      return "shutting-down";
    }
  }
}
