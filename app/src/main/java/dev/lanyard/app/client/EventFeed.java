package dev.lanyard.app.client;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Deadline;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The server's events over as many connections as it takes: after a break it comes back and goes on
 * behind the last event that it saw. One thread follows it.
 */
final class EventFeed {
  /** The server says something every 15 s; after three silences nobody is there. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Whoever the events are for. What it throws ends the feed. */
  interface Receiver {
    void accept(ServerEvent event) throws Failure, InterruptedException;
  }

  private final Api api;
  private final String path;
  private final Receiver receiver;
  private final Duration patience;
  private Deadline lostUntil = Deadline.NONE;
  private @Nullable String lastId;
  private Duration pause = FIRST_PAUSE;

  /**
   * The receiver is called by the thread that follows. {@code patience} is how long a break may
   * last.
   */
  EventFeed(Api api, Query query, Duration patience, Receiver receiver) {
    this.api = api;
    this.patience = patience;
    this.path = "/api/events" + query;
    this.receiver = receiver;
  }

  /**
   * Follows until the context ends.
   *
   * @throws Failure if the first connection cannot be had, or the server refuses a later one
   */
  void follow(Context context) throws Failure, InterruptedException {
    boolean first = true;
    while (true) {
      try (CancellableContext within = context.withTimeout(api.timeout())) {
        connection(within);
      } catch (Failure e) {
        boolean refused = e.exitCode() == ExitCode.REFUSED || e.exitCode() == ExitCode.WRONG_USAGE;
        if (first || refused || lostUntil.isPast()) throw e;
      } catch (IOException _) {
        // The connection broke or fell silent.
      }
      context.throwIfDone();
      first = false;
      if (lostUntil.isNone()) lostUntil = Deadline.after(patience);
      receiver.accept(new ServerEvent(ServerEvent.LOST, null, Fields.NONE));
      context.sleep(pause);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private void connection(CancellableContext within)
      throws Failure, InterruptedException, IOException {
    try (EventReader reader =
        new EventReader(
            api.events(within, path, lastId), () -> within.extendTo(Deadline.after(SILENCE)))) {
      within.extendTo(Deadline.after(SILENCE));
      pause = FIRST_PAUSE;
      lostUntil = Deadline.NONE;
      receiver.accept(new ServerEvent(ServerEvent.CONNECTED, null, Fields.NONE));
      ServerEvent event;
      while ((event = reader.next()) != null) {
        if (event.id() != null) lastId = event.id();
        receiver.accept(event);
      }
    }
  }
}
