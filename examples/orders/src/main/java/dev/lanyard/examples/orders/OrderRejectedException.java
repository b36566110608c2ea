package dev.lanyard.examples.orders;

/** The answer is no, and the customer is told why. */
final class OrderRejectedException extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  OrderRejectedException(int status, String reason) {
    super(reason);
    this.status = status;
  }

  /** Of the HTTP answer. */
  int status() {
    return status;
  }
}
