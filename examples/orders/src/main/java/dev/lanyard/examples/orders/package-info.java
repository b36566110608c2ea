/**
 * An order goes from the browser through three layers to a database, to another service and to the
 * mail, and all of that ends when the browser is closed. {@code OrdersServer → OrderService →
 * OrderRepository, Inventory, Mail}.
 */
@NullMarked
package dev.lanyard.examples.orders;

import org.jspecify.annotations.NullMarked;
