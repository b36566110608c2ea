package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it keeps every carrier busy")
class BusyCarriersTest {
  @Test
  void anInterruptReachesAThreadThatComputesWhileEveryCarrierIsBusy() throws Exception {
    int carriers = Runtime.getRuntime().availableProcessors();
    var context = Context.background().withCancel();
    var computing = new CountDownLatch(carriers);
    var givenUp = new AtomicBoolean();
    var running = new ArrayList<ThreadKind.Running<Boolean>>();
    for (int i = 0; i < carriers; i++) {
      running.add(
          ThreadKind.VIRTUAL.start(() ->
              context.callInterruptibly(() -> {
                computing.countDown();
                while (!givenUp.get()) {
                  if (Thread.currentThread().isInterrupted()) return true;
                }
                return false;
              })));
    }
    assertThat(computing.await(20, TimeUnit.SECONDS)).isTrue();
    context.cancel();
    ThreadKind.PLATFORM.call(() -> {
      for (var each : running) {
        try {
          each.task().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException notInterrupted) {
          givenUp.set(true);
        }
      }
      return true;
    });
    for (var each : running) assertThat(each.get()).as("interrupted").isTrue();
  }
}
