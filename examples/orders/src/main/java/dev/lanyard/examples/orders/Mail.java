package dev.lanyard.examples.orders;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.telemetry.Spans;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends letters in the background: what was begun is sent, also if nobody waits any more. */
final class Mail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mail.class);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final Post post;
  private final Spans spans;

  /** Whoever carries letters. */
  interface Post {
    void deliver(Context ctx, String to, String text) throws InterruptedException;
  }

  Mail(Post post, Spans spans) {
    this.post = post;
    this.spans = spans;
  }

  // @start region="mail"
  void sendLater(Context ctx, String to, String text) {
    Context own = ctx.withoutCancel(); // the request id and the trace, but not the end
    background.execute(() -> send(own, to, text));
  }

  // @end

  private void send(Context own, String to, String text) {
    try (CancellableContext limited = own.withTimeout(LONGEST)) {
      spans.run(
          limited,
          "mail",
          ctx -> {
            try {
              post.deliver(ctx, to, text);
              LOG.info("sent to {}: {}", to, text);
            } catch (ContextException late) {
              LOG.warn("not sent to {}: {}", to, late.getMessage());
            } catch (InterruptedException interrupted) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  /** Waits for what is under way. */
  @Override
  public void close() {
    background.close();
  }
}
