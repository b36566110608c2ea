package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms leave the heap in the order of their moments, and stopped ones never. */
class AlarmHeapTest {
  /** So many shells may stay, whatever else is in the heap. */
  private static final int SMALLEST = 64;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final AlarmHeap heap = new AlarmHeap();

  /** An action that differs from every other. */
  private record Ring(int number) implements Runnable {
    @Override
    public void run() {}
  }

  private Alarm add(long moment, Runnable action) {
    var alarm = new Alarm(moment, action, heap);
    heap.add(alarm);
    return alarm;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  @DisplayName("against a plain map, with a clock that wraps on the way")
  void againstModel(long seed) {
    var random = new Random(seed);
    Map<Runnable, Alarm> living = new LinkedHashMap<>();
    long now = Long.MAX_VALUE - 3000;
    for (int step = 0; step < 6000; step++) {
      switch (random.nextInt(100)) {
        case 0 -> stop(living, living.size() * 9 / 10, random);
        case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 -> {
          now += random.nextInt(20);
          takeAllDue(living, now);
        }
        case 11, 12, 13, 14, 15 -> {
          long otherwise = now + random.nextInt(300);
          long expected = earliest(living, now, otherwise);
          assertThat(heap.earliest(otherwise)).isEqualTo(expected);
        }
        case 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30 -> stop(living, 1, random);
        default -> {
          var ring = new Ring(step);
          living.put(ring, add(now - 5 + random.nextInt(300), ring));
        }
      }
    }
    assertThat(now).as("the clock has wrapped").isNegative();
    takeAllDue(living, now + 300);
    assertThat(living).isEmpty();
  }

  private static void stop(Map<Runnable, Alarm> living, int count, Random random) {
    for (int i = 0; i < count && !living.isEmpty(); i++) {
      Runnable each = new ArrayList<>(living.keySet()).get(random.nextInt(living.size()));
      Alarm alarm = Objects.requireNonNull(living.remove(each));
      assertThat(alarm.stop()).isTrue();
      assertThat(alarm.stop()).isFalse();
    }
  }

  private void takeAllDue(Map<Runnable, Alarm> living, long now) {
    for (Runnable taken = heap.takeDue(now); taken != null; taken = heap.takeDue(now)) {
      assertThat(living).as("set, and neither stopped nor taken before").containsKey(taken);
      Alarm alarm = Objects.requireNonNull(living.get(taken));
      assertThat(alarm.moment() - earliest(living, now, now)).as("none is earlier").isZero();
      assertThat(alarm.stop()).as("it is too late to stop it").isFalse();
      living.remove(taken);
    }
    assertThat(earliest(living, now, now + 1)).as("none that is due is left").isEqualTo(now + 1);
  }

  private static long earliest(Map<Runnable, Alarm> living, long now, long otherwise) {
    return living.values().stream()
        .map(Alarm::moment)
        .filter(moment -> moment - otherwise < 0)
        .min(Comparator.comparingLong(moment -> moment - now))
        .orElse(otherwise);
  }

  @Test
  @DisplayName("around the wrap of the clock the earlier moment is the one before it")
  void orderAroundTheWrap() {
    long wrap = Long.MAX_VALUE;
    var after = new Ring(3);
    var at = new Ring(2);
    var before = new Ring(1);
    add(wrap + 10, after);
    add(wrap, at);
    add(wrap - 10, before);

    assertThat(heap.takeDue(wrap - 11)).isNull();
    assertThat(heap.earliest(wrap + 20)).isEqualTo(wrap - 10);
    assertThat(heap.takeDue(wrap - 10)).isSameAs(before);
    assertThat(heap.takeDue(wrap - 1)).isNull();
    assertThat(heap.takeDue(wrap + 10)).isSameAs(at);
    assertThat(heap.takeDue(wrap + 10)).isSameAs(after);
    assertThat(heap.takeDue(wrap + 10)).isNull();
  }

  @Test
  @DisplayName("an alarm that is stopped forgets its action at once")
  void stoppedForgetsItsAction() {
    var forgotten = new ArrayList<WeakReference<Runnable>>();
    List<Alarm> stopped = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Runnable action = new Ring(i);
      forgotten.add(new WeakReference<>(action));
      stopped.add(add(i, action));
    }
    stopped.forEach(Alarm::stop);
    forgotten.forEach(Together::isCollected);
    assertThat(stopped).allMatch(Alarm::isStopped);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50, 1000})
  @DisplayName("of those stopped no more stay than there are living ones, and 64")
  void stoppedOnesGo(int living) {
    for (int i = 0; i < living; i++) add(1_000_000 + i, new Ring(i));
    List<WeakReference<Alarm>> stopped = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) stopped.add(new WeakReference<>(setAndStop(i)));

    Together.eventually(
        "few shells are left",
        () -> {
          System.gc();
          return stopped.stream().filter(each -> !each.refersTo(null)).count()
              <= living + SMALLEST + 1;
        });
    for (int i = 0; i < living; i++) {
      assertThat(heap.takeDue(2_000_000)).isEqualTo(new Ring(i));
    }
    assertThat(heap.takeDue(2_000_000)).isNull();
  }

  @Test
  @DisplayName("of those that were all stopped, or all taken, the heap holds none")
  void emptyHeapHoldsNone() {
    List<WeakReference<Alarm>> gone = new ArrayList<>();
    for (int i = 0; i < SMALLEST; i++) gone.add(new WeakReference<>(setAndStop(i)));
    gone.forEach(Together::isCollected);

    gone.clear();
    for (int i = 0; i < 5; i++) gone.add(new WeakReference<>(add(i, new Ring(i))));
    for (int i = 0; i < 5; i++) assertThat(heap.takeDue(10)).isEqualTo(new Ring(i));
    gone.forEach(Together::isCollected);
    assertThat(heap.takeDue(10)).isNull();
  }

  @Test
  @DisplayName("once large and nearly empty, it gives its memory back with the next sweep")
  void givesMemoryBack() {
    int burst = 100_000;
    List<Alarm> first = alarms(burst);
    List<Alarm> second = alarms(burst);
    first.forEach(heap::add);
    while (heap.takeDue(Long.MAX_VALUE) != null) {}
    List<Alarm> few = alarms(SMALLEST);
    few.forEach(heap::add);
    few.forEach(Alarm::stop);

    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (Alarm alarm : second) heap.add(alarm);
    long grown = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat(grown).as("it has grown anew").isGreaterThan(12L * burst);
  }

  @Test
  @DisplayName("while as many come as go, it takes no memory")
  void takesNoMemory() {
    alarms(1000).forEach(heap::add);
    List<Alarm> passing = alarms(20_000);
    int warm = passing.size() / 2;
    for (Alarm alarm : passing.subList(0, warm)) addAndStop(alarm);

    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = warm; i < passing.size(); i++) addAndStop(passing.get(i));
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat(taken).isLessThan(4000);
  }

  private List<Alarm> alarms(int count) {
    var alarms = new ArrayList<Alarm>();
    for (int i = 0; i < count; i++) alarms.add(new Alarm(i, new Ring(i), heap));
    return alarms;
  }

  private void addAndStop(Alarm alarm) {
    heap.add(alarm);
    alarm.stop();
  }

  private Alarm setAndStop(int moment) {
    Alarm alarm = add(moment, new Ring(-1));
    alarm.stop();
    return alarm;
  }
}
