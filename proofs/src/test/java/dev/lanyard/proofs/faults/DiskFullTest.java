package dev.lanyard.proofs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.durable.Database;
import dev.lanyard.durable.DurableProcessor;
import dev.lanyard.proofs.tasks.Place;
import dev.lanyard.testing.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A disk with no room left: a small one where this user may mount it, else a limit for the size of
 * the process's files.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DiskFullTest {
  @Test
  @DisplayName(
      "issue 6, disk full: refused with words, nothing acknowledged is lost, and it recovers")
  void smallDisk() throws Exception {
    Path target = Files.createDirectories(Path.of("target", "tasks"));
    Path folder = Files.createTempDirectory(target, "disk").toAbsolutePath();
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.toString()),
        "needs the right to mount a small disk; the limit for files stands in for it");
    try {
      Path ballast = folder.resolve("ballast");
      fullAndThenNot(
          Place.sqlite(folder),
          _ -> fill(ballast),
          _ -> {
            Files.delete(ballast);
            return null;
          },
          "disk full");
    } finally {
      run("umount", "-l", folder.toString());
    }
  }

  @Test
  @DisplayName(
      "issue 6, file-size limit: refused with words, nothing acknowledged is lost, and it recovers")
  void limitedFiles() throws Exception {
    boolean canLimit = run("prlimit", "--version");
    // A full disk must not go untested unnoticed; the right to mount one is not everybody's.
    if ("true".equals(System.getenv("CI"))) assertThat(canLimit).as("prlimit is there").isTrue();
    Assumptions.assumeTrue(canLimit, "needs prlimit");
    Place place = Place.fresh(Database.Engine.SQLITE);
    fullAndThenNot(
        place,
        node -> {
          // Less than what its files have already: nothing can be added to them.
          run("prlimit", "--pid", String.valueOf(node.pid()), "--fsize=65536:");
          return null;
        },
        node -> {
          run("prlimit", "--pid", String.valueOf(node.pid()), "--fsize=unlimited:");
          return null;
        },
        "file-size limit");
  }

  private interface Step {
    Object to(NodeProcess node) throws IOException;
  }

  private static void fullAndThenNot(Place place, Step full, Step room, String row)
      throws IOException {
    try (NodeProcess node = NodeProcess.start(place, 3).ready()) {
      node.submit("d", 2_000_000, Work.Way.NAP, 1);
      var _ = node.lines("ACK d", 50);
      var _ = full.to(node);
      var _ = node.lines("NAK d", 3);
      assertThat(node.isAlive()).isTrue();
      int before = node.acknowledged().size();
      var _ = room.to(node);
      Eventually.holds("it accepts again", () -> node.acknowledged().size() > before + 20);
      // What was accepted before the disk was full, and after, is there for the next process.
      node.kill();
      String words = node.lines("NAK d").getFirst().text();
      try (Database database = place.open();
          DurableProcessor _ = Nodes.start(database, 20, Work.atOnce("heir"))) {
        Account.settle(database.store(), Eventually.PATIENCE);
        Account account = Account.of(database.store(), node.acknowledged()).balances();
        Figures.print(
            row,
            database.engine(),
            account + "; refused " + node.lines("NAK d").size() + ", as: " + words);
      }
    }
  }

  /** Zeros until nothing more fits. */
  private static Object fill(Path ballast) throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] zeros = new byte[4096];
      for (int i = 0; i < 100_000; i++) out.write(zeros);
    } catch (IOException full) {
      return full;
    }
    throw new IOException("the disk is larger than it should be");
  }

  private static boolean run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.onExit().join().exitValue() == 0;
    } catch (IOException missing) {
      return false;
    }
  }
}
