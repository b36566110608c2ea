package dev.lanyard.examples.orders;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Fork;
import dev.lanyard.context.Group;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it means to place an order. */
final class OrderService {
  private static final Logger LOG = LoggerFactory.getLogger(OrderService.class);
  private static final Duration TIME_TO_CHECK = Duration.ofSeconds(10);

  private final OrderRepository repository;
  private final Inventory inventory;
  private final Mail mail;

  OrderService(OrderRepository repository, Inventory inventory, Mail mail) {
    this.repository = repository;
    this.inventory = inventory;
    this.mail = mail;
  }

  // @start region="service"
  Order place(Context ctx, Order.Draft draft) throws Exception {
    String customer = repository.customer(ctx, draft.token());
    mail.sendLater(ctx, customer, "We have received your order of " + draft.item());

    int cents = check(ctx, customer, draft);
    Order order = repository.payAndWrite(ctx, customer, draft, cents);
    LOG.info("order {} is paid: {} cents", order.id(), cents);
    mail.sendLater(ctx, customer, "Your order " + order.id() + " is on its way");
    return order;
  }

  /** Both at once; the first that says no, or takes too long, stops the other. */
  private int check(Context ctx, String customer, Order.Draft draft) throws Exception {
    try (CancellableContext budget = ctx.withTimeout(TIME_TO_CHECK);
        Group checks = Group.in(budget)) {
      Fork<Integer> price =
          checks.fork(() -> inventory.reserve(checks.context(), draft.item(), draft.quantity()));
      Fork<Integer> credit = checks.fork(() -> repository.credit(checks.context(), customer));
      checks.join();
      int cents = price.result() * draft.quantity();
      if (credit.result() < cents) throw new OrderRejectedException(402, "not enough credit");
      return cents;
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }
  // @end
}
