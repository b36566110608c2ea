package dev.lanyard.app.server;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.ContextException;
import dev.lanyard.context.Registration;
import dev.lanyard.durable.StoreException;
import dev.lanyard.durable.StoredEvent;
import dev.lanyard.durable.TaskStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What happens to tasks, read from the store once for all readers of this process. Progress is
 * held, the last of each task, and told four times a second; figures once a second, if they are
 * others than before.
 */
final class EventFeed implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EventFeed.class.getName());
  private static final Duration BEAT = Duration.ofMillis(250);
  private static final int BEATS_OF_STATS = 4;

  private final LiveStats stats;
  private final Consumer<StoredEvent> first;
  private final List<EventReader> readers = new CopyOnWriteArrayList<>();
  private final CancellableContext beating;
  private final Registration listening;

  private volatile boolean somebodyCame;
  private boolean lost;
  private @Nullable String lastFigures;

  /** {@code first} is told of each event, before any reader. */
  EventFeed(Context ctx, TaskStore store, LiveStats stats, Consumer<StoredEvent> first) {
    this.stats = stats;
    this.first = first;
    this.beating = ctx.withCancel();
    this.listening = store.listen(store.lastEvent(), this::happened);
    var _ = Thread.ofVirtual().name("lanyard-feed").start(this::beat);
  }

  /** A reader from now on; to be closed. */
  EventReader subscribe(Predicate<StoredEvent> wanted) {
    var reader = new EventReader(wanted, readers::remove);
    readers.add(reader);
    somebodyCame = true;
    return reader;
  }

  int readers() {
    return readers.size();
  }

  private void happened(StoredEvent event) {
    first.accept(event);
    if (readers.isEmpty()) return;
    if (event.type() == StoredEvent.Type.PROGRESS) hold(event);
    else tell(event);
  }

  private void hold(StoredEvent event) {
    var latest = new EventReader.Progress(event);
    for (EventReader reader : readers) if (reader.wants(event)) reader.hold(latest);
  }

  private void tell(StoredEvent event) {
    EventReader.Told told = null;
    for (EventReader reader : readers) {
      reader.turned(event.task());
      if (!reader.wants(event)) continue;
      if (told == null) told = EventReader.Told.of(event);
      reader.tell(told);
    }
  }

  private void beat() {
    try {
      for (long beats = 0; ; beats++) {
        beating.sleep(BEAT);
        if (readers.isEmpty()) continue;
        readers.forEach(EventReader::beat);
        if (beats % BEATS_OF_STATS == 0) tellStats();
      }
    } catch (ContextException closed) {
      // by close()
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody interrupts this thread
    }
  }

  private void tellStats() {
    boolean newcomers = somebodyCame;
    somebodyCame = false;
    try {
      LiveStats.Figures figures = stats.recent();
      String text = Json.object(figures::write);
      String compared = text.replaceFirst("\"now\":\"[^\"]*\"", "");
      lost = false;
      if (compared.equals(lastFigures) && !newcomers) return;
      lastFigures = compared;
      var told = new EventReader.Told(0, "stats", text);
      for (EventReader reader : readers) reader.tellStats(told);
    } catch (StoreException failure) {
      if (!lost) LOG.log(Level.WARNING, "the database does not answer", failure);
      lost = true;
      somebodyCame = true; // said again when it answers
    }
  }

  @Override
  public void close() {
    var _ = listening.stop();
    beating.cancel();
  }
}
