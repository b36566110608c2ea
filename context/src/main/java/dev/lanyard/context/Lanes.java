package dev.lanyard.context;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several lists in place of one, for a scope under which many threads come and go at once: each
 * thread has a lane, so that two seldom want the same lock. Stands at the head of the scope's own
 * list.
 *
 * <p>It does not know its scope. So whoever holds the lanes keeps the scope in memory while
 * somebody listens, by way of those who do, and no longer: nothing need be written when the last
 * listener goes.
 */
final class Lanes extends Listener {
  private static final int MOST = 64;

  private final Lane[] lanes;

  Lanes() {
    super(null);
    lanes = new Lane[Spread.places(MOST)];
    Arrays.setAll(lanes, _ -> new Lane());
  }

  /** False if the lanes are closed. */
  boolean add(Listener listener) {
    int lane = Spread.ofThisThread(lanes.length);
    listener.lane = (byte) (lane + 1);
    return lanes[lane].add(listener);
  }

  boolean remove(Listener listener) {
    return lanes[listener.lane - 1].remove(listener);
  }

  /** Closes the lanes; each that is not empty goes to the given roster. */
  void closeInto(Roster roster) {
    for (Lane lane : lanes) lane.closeInto(roster);
  }

  void forEach(Consumer<Listener> visitor) {
    for (Lane lane : lanes) {
      lane.lock();
      try {
        lane.forEach(visitor);
      } finally {
        lane.unlock();
      }
    }
  }

  /** The scope that these are the lanes of, if anybody listens to it. */
  @Nullable Scope listenedTo() {
    var found = new AtomicReference<@Nullable Scope>();
    if (next != null) found.set(next.owner);
    else forEach(each -> found.set(each.owner));
    return found.get();
  }

  @Override
  void ended() {}

  /** A listener only because every roster is: it stands in no list itself. */
  static final class Lane extends Roster {
    private @Nullable Listener last;
    private boolean closed;

    /** Keeps the lock and the links of two lanes out of one line of the cache. */
    @SuppressWarnings("UnusedVariable")
    private long pad1, pad2, pad3, pad4, pad5, pad6, pad7, pad8, pad9, pad10, pad11, pad12;

    Lane() {
      super(null);
    }

    boolean add(Listener listener) {
      lock();
      try {
        if (closed) return false;
        if (first() == null) last = listener;
        link(listener, listener);
        return true;
      } finally {
        unlock();
      }
    }

    boolean remove(Listener listener) {
      lock();
      try {
        Listener before = listener.previous;
        if (closed || !unlink(listener)) return false;
        if (listener == last) last = before;
        return true;
      } finally {
        unlock();
      }
    }

    void closeInto(Roster roster) {
      lock();
      try {
        closed = true;
        Listener head = takeDown();
        if (head != null && last != null) roster.link(head, last);
        last = null;
      } finally {
        unlock();
      }
    }

    @Override
    void ended() {}
  }
}
