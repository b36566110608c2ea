package dev.lanyard.examples;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;

/** Cancelling a child leaves its parent; cancelling a parent ends its children. */
final class ParentAndChild {
  static void main() {
    // @start region="guide"
    try (CancellableContext parent = Context.background().withCancel();
        CancellableContext first = parent.withCancel();
        CancellableContext second = parent.withCancel()) {

      first.cancel();
      IO.println("first: " + first.err());
      IO.println("parent: " + parent.err());

      parent.cancel(new IllegalStateException("the shop closes"));
      IO.println("second: " + second.err());
      IO.println("because: " + second.cause());
    }
    // @end
  }
}

// Output:
// first: dev.lanyard.context.CancelledException: context canceled
// parent: null
// second: dev.lanyard.context.CancelledException: context canceled
// because: java.lang.IllegalStateException: the shop closes
