package dev.lanyard.examples.orders;

/** What was ordered and paid. */
record Order(long id, String customer, String item, int quantity, int cents) {
  /** What a customer asks for. */
  record Draft(String token, String item, int quantity) {}
}
