package dev.lanyard.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;

/**
 * Moves a body at the pace of the slower side: the other waits, and memory holds little of it. That
 * the side which is written to has broken is not told here: both ends of an exchange hear of that
 * by themselves.
 */
final class Transfer {
  private Transfer() {}

  static void start(
      ReadStream<Buffer> from,
      WriteStream<Buffer> to,
      Runnable onEnd,
      Consumer<Throwable> onBreak) {
    from.exceptionHandler(onBreak::accept);
    from.endHandler(_ -> onEnd.run());
    from.handler(chunk -> {
      var _ = to.write(chunk);
      if (!to.writeQueueFull()) return;
      from.pause();
      to.drainHandler(_ -> from.resume());
    });
    from.resume();
  }

  /** Lets what still comes pass by. */
  static void stop(ReadStream<Buffer> from, Consumer<Buffer> dropped) {
    from.exceptionHandler(_ -> {});
    from.handler(dropped::accept);
    from.resume();
  }
}
