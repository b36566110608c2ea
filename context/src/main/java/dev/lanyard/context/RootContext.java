package dev.lanyard.context;

import java.util.List;

/**
 * A root made by {@link Context#root(TimeSource)}: never done, and it can tell who listens below
 * it. That makes leaks visible: once the work is over and its contexts are closed, nobody should.
 *
 * @since 0.1
 */
public sealed interface RootContext extends Context permits Root {
  /**
   * The topmost contexts below this root, also below a {@link Context#withoutCancel()} further
   * down, that somebody listens to at this moment, or that have a context below them which is
   * listened to or polled in a loop.
   *
   * @return a snapshot; empty when nothing is linked
   */
  List<Context> listening();
}
