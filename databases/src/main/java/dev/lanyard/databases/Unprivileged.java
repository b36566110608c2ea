package dev.lanyard.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Database servers refuse to run as root, and builds in containers often do. There, servers run as
 * nobody: by a change of user where the container knows that user, else in a user namespace, where
 * root looks like nobody to them.
 */
public final class Unprivileged {
  private static final int NOBODY = 65534;
  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final List<String> CHANGE_OF_USER =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
  private static final List<String> NAMESPACE = List.of("unshare", "--user", "--");

  private static final List<String> PREFIX = prefix();

  private Unprivileged() {}

  /** The same command, run by somebody who is not root. */
  public static List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(PREFIX);
    whole.addAll(command);
    return whole;
  }

  /** Makes that somebody the owner of a file or folder. */
  public static void giveAway(Path path) throws IOException {
    if (!PREFIX.equals(CHANGE_OF_USER)) return;
    Files.setAttribute(path, "unix:uid", NOBODY);
    Files.setAttribute(path, "unix:gid", NOBODY);
  }

  private static List<String> prefix() {
    if (!ROOT) return List.of();
    List<String> attempt = new ArrayList<>(CHANGE_OF_USER);
    attempt.add("true");
    return Commands.succeeds(attempt) ? CHANGE_OF_USER : NAMESPACE;
  }
}
