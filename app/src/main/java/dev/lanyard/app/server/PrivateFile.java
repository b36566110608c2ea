package dev.lanyard.app.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that only this user reads and writes, where the file system knows users: tasks hold
 * commands and what they printed. SQLite gives the files beside it the permissions of the first.
 * What was there before keeps the permissions that somebody gave it.
 */
final class PrivateFile {
  private PrivateFile() {}

  /** Makes it, empty, and the directories above it that are missing. */
  static void make(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    boolean users = absolute.getFileSystem().supportedFileAttributeViews().contains("posix");
    Path folder = absolute.getParent();
    if (folder != null && !Files.exists(folder)) {
      Files.createDirectories(folder, permissions(users, "rwx------"));
    }
    try {
      if (!Files.exists(absolute)) Files.createFile(absolute, permissions(users, "rw-------"));
    } catch (FileAlreadyExistsException somebodyWasFaster) {
      // it is there
    }
  }

  private static FileAttribute<?>[] permissions(boolean users, String permissions) {
    if (!users) return new FileAttribute<?>[0];
    Set<PosixFilePermission> ours = PosixFilePermissions.fromString(permissions);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(ours)};
  }
}
