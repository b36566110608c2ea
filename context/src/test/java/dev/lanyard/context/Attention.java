package dev.lanyard.context;

import java.util.List;

/**
 * Who cares for a context. It decides whether the context has a place in its parent and a timer,
 * and must never decide how it ends.
 */
enum Attention {
  NOBODY,
  POLLED_ONCE,
  POLLED_IN_A_LOOP,
  LISTENED_TO,
  LISTENED_TO_NO_LONGER,
  AWAITED_BY_STAGE;

  private static final List<Attention> ALL = List.of(values());

  /** Each in turn. */
  static Attention number(int i) {
    return ALL.get(i % ALL.size());
  }

  <C extends Context> C on(C context) {
    switch (this) {
      case NOBODY -> {}
      case POLLED_ONCE -> context.isDone();
      case POLLED_IN_A_LOOP -> pollInALoop(context);
      case LISTENED_TO -> context.onDone(() -> {});
      case LISTENED_TO_NO_LONGER -> context.onDone(() -> {}).stop();
      case AWAITED_BY_STAGE -> context.done();
    }
    return context;
  }

  static void pollInALoop(Context context) {
    for (int i = 0; i < 100; i++) context.isDone();
  }
}
