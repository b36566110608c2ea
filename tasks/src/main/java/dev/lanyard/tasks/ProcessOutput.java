package dev.lanyard.tasks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * The end of what a process prints, read by a thread of its own. That is a platform thread: reading
 * a pipe cannot be interrupted and would keep a carrier of virtual threads. It ends with the last
 * process that has the pipe open, and whoever waits for the output need not wait for that.
 */
final class ProcessOutput {
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private final int max;

  /** A ring once it is full. */
  @GuardedBy("this")
  private byte[] kept = new byte[0];

  @GuardedBy("this")
  private long total;

  private ProcessOutput(int max) {
    this.max = max;
  }

  static ProcessOutput read(Process process, int max) {
    var output = new ProcessOutput(max);
    InputStream from = process.getInputStream();
    Thread.ofPlatform()
        .daemon()
        .name("lanyard-output-" + process.pid())
        .start(() -> output.readAll(from));
    return output;
  }

  private void readAll(InputStream from) {
    var buffer = new byte[8192];
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        keep(buffer, count);
      }
    } catch (IOException closed) {
      // There is no more to read.
    } finally {
      complete.complete(null);
    }
  }

  private synchronized void keep(byte[] bytes, int count) {
    for (int from = 0; from < count && max > 0; ) {
      int at = (int) (total % max);
      int length = Math.min(count - from, max - at);
      int needed = (int) Math.min(max, total + length);
      if (kept.length < needed) {
        kept = Arrays.copyOf(kept, (int) Math.min(max, Math.max(needed, 2L * kept.length)));
      }
      System.arraycopy(bytes, from, kept, at, length);
      from += length;
      total += length;
    }
    if (max == 0) total += count;
  }

  /** Completes when all processes that could print have ended. */
  CompletableFuture<Void> complete() {
    return complete;
  }

  synchronized Exec.Output soFar(int exitCode) {
    int length = (int) Math.min(max, total);
    byte[] bytes = new byte[length];
    int start = total > max && max > 0 ? (int) (total % max) : 0;
    System.arraycopy(kept, start, bytes, 0, length - start);
    System.arraycopy(kept, 0, bytes, length - start, start);
    return new Exec.Output(exitCode, new String(bytes, StandardCharsets.UTF_8), total - length);
  }
}
