package dev.lanyard.vertx;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.FutureInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * When the port of a closed server is free. Vert.x says that a server is closed when Netty has
 * closed its channel. That is too early: the JDK lets go of the socket only when the selector is
 * asked for the next time. Until then the kernel takes connections for nobody, and refuses the port
 * to the next server.
 *
 * <p>The thread that accepts asks its selector before it looks which tasks are due by time. So a
 * task that it schedules for itself, behind the one that closes the channel, comes after the
 * release, however slow the machine is. Scheduled from outside it could come before: what is
 * already due when the thread takes note of it is run at once.
 *
 * <p>Rejected: to try whether one can connect to the port or bind it, which needs its address, and
 * disturbs whoever waits for the port.
 */
final class PortRelease {
  private PortRelease() {}

  /**
   * After {@code close()} of a server was called.
   *
   * @param closing what that gave, completed or not
   * @return completed when nobody can connect any more; does not fail. A thread that is stuck while
   *     it accepts does not complete it
   */
  static Future<Void> after(Future<Void> closing) {
    if (!(closing instanceof FutureInternal<Void> known) || known.context() == null) {
      return Future.succeededFuture(); // a server that is not of Vert.x's own making
    }
    List<Future<Void>> turns = new ArrayList<>();
    for (EventExecutor acceptor : known.context().owner().acceptorEventLoopGroup()) {
      turns.add(turnOf(acceptor));
    }
    return Future.join(turns).mapEmpty();
  }

  private static Future<Void> turnOf(EventExecutor acceptor) {
    Promise<Void> turn = Promise.promise();
    try {
      acceptor.execute(() -> takeTurn(acceptor, turn));
    } catch (RejectedExecutionException ended) {
      turn.tryComplete(); // with its Vert.x, and all its sockets
    }
    return turn.future();
  }

  /** Netty cancels what is scheduled when the thread ends meanwhile: that completes it, too. */
  private static void takeTurn(EventExecutor acceptor, Promise<Void> turn) {
    try {
      var _ =
          acceptor.schedule(() -> {}, 0, TimeUnit.NANOSECONDS).addListener(_ -> turn.tryComplete());
    } catch (RejectedExecutionException ended) {
      turn.tryComplete();
    }
  }
}
