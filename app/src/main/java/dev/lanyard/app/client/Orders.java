package dev.lanyard.app.client;

import dev.lanyard.durable.TaskOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The orders in which the API lists tasks. */
final class Orders extends ArrayList<String> {
  private static final long serialVersionUID = 1;
  private static final List<String> ALL =
      Arrays.stream(TaskOrder.values())
          .map(order -> order.name().toLowerCase(Locale.ROOT))
          .toList();

  Orders() {
    super(ALL);
  }

  static void check(String order, ClientCommand command) {
    if (!ALL.contains(order)) throw command.wrongUsage(States.mistake("order", order, ALL));
  }
}
