package dev.lanyard.app.server;

import dev.lanyard.app.input.Reason;
import dev.lanyard.durable.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Looks at where tasks would be kept. */
final class DatabaseChecks {
  private static final int OLDEST_POSTGRESQL = 13;
  private static final String PATIENCE_SECONDS = "5";

  private DatabaseChecks() {}

  /** The driver unpacks a native library into the folder for temporary files. */
  static Finding sqlite() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      return Finding.good("SQLite", connection.getMetaData().getDatabaseProductVersion());
    } catch (SQLException | LinkageError e) {
      return Finding.missing(
          "SQLite",
          Reason.of(e)
              + ": its library must be loadable from "
              + System.getProperty("java.io.tmpdir"));
    }
  }

  /** Of the file of SQLite. */
  static Finding directory(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    Path nearest = folder;
    while (nearest != null && !Files.exists(nearest)) nearest = nearest.getParent();
    if (nearest == null || !Files.isDirectory(nearest) || !Files.isWritable(nearest)) {
      return Finding.missing("Data", folder + " cannot be written: set LANYARD_DATA or use --db");
    }
    return Finding.good(
        "Data", folder + (nearest.equals(folder) ? "" : " (is made when needed)") + space(nearest));
  }

  private static String space(Path folder) {
    try {
      return ", " + (Files.getFileStore(folder).getUsableSpace() >> 20) + " MiB free";
    } catch (IOException _) {
      return "";
    }
  }

  static Finding postgresql(ServeSettings settings) {
    String url = settings.db();
    String user = settings.dbUser();
    String password = settings.dbPassword();
    var properties = new Properties();
    if (user != null) properties.setProperty("user", user);
    if (password != null) properties.setProperty("password", password);
    properties.setProperty("connectTimeout", PATIENCE_SECONDS);
    properties.setProperty("socketTimeout", PATIENCE_SECONDS);
    String shown = Database.shown(url);
    try (Connection connection = DriverManager.getConnection(url, properties);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select current_setting('server_version')")) {
      String version = row.next() ? row.getString(1) : "?";
      int major = connection.getMetaData().getDatabaseMajorVersion();
      return major >= OLDEST_POSTGRESQL
          ? Finding.good("PostgreSQL", version + " at " + shown)
          : Finding.missing(
              "PostgreSQL", version + " is too old: " + OLDEST_POSTGRESQL + " or later is needed");
    } catch (SQLException e) {
      return Finding.missing("PostgreSQL", shown + ": " + Reason.of(e).replace(url, shown));
    }
  }
}
