package dev.lanyard.app.client;

import java.util.ArrayList;
import java.util.List;

/** The orders in which the API lists tasks. */
final class Orders extends ArrayList<String> {
  private static final long serialVersionUID = 1;
  private static final List<String> ALL = List.of("newest", "urgent", "due", "finished");

  Orders() {
    super(ALL);
  }

  static void check(String order, ClientCommand command) {
    if (!ALL.contains(order)) throw command.wrongUsage(States.mistake("order", order, ALL));
  }
}
