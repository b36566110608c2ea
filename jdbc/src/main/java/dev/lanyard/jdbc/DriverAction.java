package dev.lanyard.jdbc;

import dev.lanyard.context.Context;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a driver is asked to do, and gives nothing back for. */
interface DriverAction {
  void run() throws SQLException;

  /** Does it where no interrupt reaches the driver. */
  static void shielded(DriverAction action) throws SQLException {
    Context.<@Nullable Void, SQLException>shielded(() -> {
      action.run();
      return null;
    });
  }
}
