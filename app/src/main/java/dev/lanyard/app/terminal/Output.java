package dev.lanyard.app.terminal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.lanyard.context.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way out, written by a thread of its own: whoever has a line to say neither waits
 * for the terminal nor pays for a system call, and lines that come fast leave together. Any thread
 * may add lines; those of one thread stay in order.
 *
 * <p>The text is UTF-8 whatever the locale: the lines are made for it. When nobody reads any more
 * (a closed pipe), {@code onBroken} runs once and further lines are dropped.
 */
public final class Output implements AutoCloseable {
  /** Beyond so many waiting characters, whoever adds a line waits for the reader. */
  private static final int FULL = 1 << 20;

  /** Between two drawings of the bars: fast enough for the eye, slow enough for a remote shell. */
  private static final Duration FRAME = Duration.ofMillis(40);

  /** How often bars are drawn when there is nothing new but the time. */
  private static final Duration TICK = Duration.ofMillis(200);

  private final OutputStream out;
  private final @Nullable Bars bars;
  private final Runnable onBroken;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition taken = lock.newCondition();

  @GuardedBy("lock")
  private StringBuilder waiting = new StringBuilder();

  @GuardedBy("lock")
  private boolean closing;

  @GuardedBy("lock")
  private boolean broken;

  /** {@code bars} is null where lines are all there is. */
  public Output(OutputStream out, @Nullable Bars bars, Runnable onBroken) {
    this.out = out;
    this.bars = bars;
    this.onBroken = onBroken;
    this.writer = Thread.ofPlatform().name("lanyard-output").daemon().start(this::write);
  }

  public void line(String line) {
    lock.lock();
    try {
      while (waiting.length() > FULL && !broken) taken.awaitUninterruptibly();
      if (broken || closing) return;
      waiting.append(line).append('\n');
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is still waiting, takes the bars away and returns when all is out. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  private void write() {
    try {
      while (writeNext()) {
        if (bars != null) Context.background().sleep(FRAME);
      }
    } catch (IOException _) {
      lock.lock();
      try {
        broken = true;
        taken.signalAll();
      } finally {
        lock.unlock();
      }
      onBroken.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody interrupts this thread
    }
  }

  /** False when that was the last. */
  private boolean writeNext() throws IOException, InterruptedException {
    String lines;
    boolean last;
    lock.lock();
    try {
      awaitSomething();
      lines = waiting.toString();
      waiting = new StringBuilder(Math.min(waiting.length() + 16, 1 << 16));
      last = closing;
      taken.signalAll();
    } finally {
      lock.unlock();
    }
    String text = bars == null ? lines : last ? bars.lastFrame(lines) : bars.frame(lines);
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return !last;
  }

  @GuardedBy("lock")
  private void awaitSomething() throws InterruptedException {
    long left = TICK.toNanos();
    while (waiting.isEmpty() && !closing) {
      if (bars == null) changed.await();
      else if ((left = changed.awaitNanos(left)) <= 0) return;
    }
  }
}
