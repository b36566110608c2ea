package dev.lanyard.app.server;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where tasks are kept on this machine if nobody says otherwise. */
record DataDirectory(Path path) {
  /** {@code LANYARD_DATA}, or what the XDG Base Directory Specification says. */
  static DataDirectory of(UnaryOperator<@Nullable String> environment, String home) {
    String own = environment.apply("LANYARD_DATA");
    if (own != null && !own.isEmpty()) return new DataDirectory(Path.of(own).toAbsolutePath());
    String shared = environment.apply("XDG_DATA_HOME");
    // The specification has relative ones ignored.
    boolean usable = shared != null && Path.of(shared).isAbsolute();
    Path above = usable ? Path.of(shared) : Path.of(home, ".local", "share");
    return new DataDirectory(above.resolve("lanyard"));
  }

  static DataDirectory ofThisUser() {
    return of(System::getenv, System.getProperty("user.home", "."));
  }

  String database() {
    return "jdbc:sqlite:" + path.resolve("tasks.db");
  }
}
