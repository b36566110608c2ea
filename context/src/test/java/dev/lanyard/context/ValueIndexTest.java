package dev.lanyard.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wherever indexes were made, a lookup finds what a walk over the chain would. */
class ValueIndexTest {
  private static final Key<Integer> BURIED = Key.of("buried");
  private static final Key<Integer> MISSING = Key.of("missing");

  /** One context of a chain, and what its keys are bound to. */
  private record Node(Context context, Map<Key<Integer>, @Nullable Integer> expected) {
    void check(Key<Integer> key) {
      assertThat(context.value(key)).isEqualTo(expected.get(key));
    }
  }

  private final Context root = Context.root(new HandClock());

  private static List<Key<Integer>> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> Key.<Integer>of("key " + i)).toList();
  }

  /** A tree of values, mostly long chains, with scopes between them. */
  private List<Node> tree(Random random, List<Key<Integer>> keys, int size) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node(root, Map.of()));
    for (int i = 1; i < size; i++) {
      Node parent =
          nodes.get(random.nextInt(20) == 0 ? random.nextInt(nodes.size()) : nodes.size() - 1);
      Key<Integer> key = keys.get(random.nextInt(random.nextBoolean() ? keys.size() : 3));
      Integer value = random.nextInt(8) == 0 ? null : Integer.valueOf(i);
      Context context = parent.context();
      switch (random.nextInt(10)) {
        case 0 -> context = context.withCancel();
        case 1 -> context = context.withoutCancel();
        case 2 -> context = context.linkedTo(nodes.get(random.nextInt(nodes.size())).context());
        default -> {}
      }
      Map<Key<Integer>, @Nullable Integer> expected = new HashMap<>(parent.expected());
      expected.put(key, value);
      nodes.add(new Node(context.withValue(key, value), expected));
    }
    return nodes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  @DisplayName("against a map for each context, with lookups from anywhere in any order")
  void againstMaps(long seed) {
    var random = new Random(seed);
    List<Key<Integer>> keys = keys(1 + random.nextInt(60));
    List<Key<Integer>> sought = new ArrayList<>(keys);
    sought.add(MISSING);
    List<Node> nodes = tree(random, keys, 400);
    for (int lookup = 0; lookup < 20_000; lookup++) {
      nodes.get(random.nextInt(nodes.size())).check(sought.get(random.nextInt(sought.size())));
    }
    for (Node node : nodes) sought.forEach(node::check);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 10, 11, 63, 64, 65, 1000})
  @DisplayName("a value is found, hidden or missing at any distance, however often it is looked up")
  void distances(int distance) {
    Context bound = root.withValue(BURIED, 1).withValue(BURIED, 2);
    Context hidden = bound.withValue(BURIED, null);
    for (Key<Integer> key : keys(distance)) {
      bound = bound.withValue(key, 0).withCancel();
      hidden = hidden.withoutCancel().withValue(key, 0);
    }
    for (int time = 0; time < 4; time++) {
      assertThat(bound.value(BURIED)).isEqualTo(2);
      assertThat(bound.value(MISSING)).isNull();
      assertThat(hidden.value(BURIED)).isNull();
    }
    assertThat(bound.withValue(BURIED, 3).value(BURIED)).isEqualTo(3);
    assertThat(bound.withValue(MISSING, 4).withCancel().value(BURIED)).isEqualTo(2);
  }

  @Test
  @DisplayName("a loop that binds and looks up in turn makes indexes of bounded size")
  void loopOfBindingsAndLookups() {
    int depth = 5000;
    List<Key<Integer>> keys = keys(depth);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Context context = root.withValue(BURIED, 42);
    for (Key<Integer> key : keys) {
      context = context.withValue(key, 1);
      for (int time = 0; time < 3; time++) {
        assertFound(Objects.equals(context.value(BURIED), 42));
        assertFound(context.value(MISSING) == null);
      }
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated / depth)
        .as("bytes for each value; an index of all at each would be 40,000")
        .isLessThan(1500);
    assertThat(stepsFrom(context)).as("steps of a lookup").isLessThan(40);
    for (int i = 0; i < depth; i += 97) {
      assertThat(context.value(keys.get(i))).isEqualTo(1);
    }
  }

  /** How many values and indexes a lookup of a missing key asks. */
  private static int stepsFrom(Context context) {
    int steps = 0;
    Valued each = ((Lineage) context).values();
    while (each != null) {
      ValueIndex index = each.index();
      each = index == null || index == ValueIndex.WANTED ? each.next() : index.rest();
      steps++;
    }
    return steps;
  }

  /** As an assertion of AssertJ, but allocates nothing. */
  private static void assertFound(boolean found) {
    if (!found) throw new AssertionError("a lookup went wrong");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  @DisplayName("many threads look up in one tree at once")
  void manyThreads(long seed) {
    List<Key<Integer>> keys = keys(30);
    for (int round = 0; round < 10; round++) {
      List<Node> nodes = tree(new Random(seed * 100 + round), keys, 200);
      List<Runnable> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        var random = new Random(seed * 31 + t);
        threads.add(() -> {
          for (int lookup = 0; lookup < 3000; lookup++) {
            nodes.get(random.nextInt(nodes.size())).check(keys.get(random.nextInt(keys.size())));
          }
        });
      }
      Together.run(threads);
      for (Node node : nodes) node.check(MISSING);
    }
  }

  @Test
  @DisplayName("threads that make the same indexes at once hide no value from each other")
  void sameIndexesAtOnce() {
    int chains = 20_000;
    List<Context> middles = new ArrayList<>();
    List<Context> leaves = new ArrayList<>();
    for (int i = 0; i < chains; i++) {
      Context context = root.withValue(BURIED, i);
      for (int j = 0; j < 30; j++) context = context.withValue(MISSING, null);
      middles.add(context);
      for (int j = 0; j < 12; j++) context = context.withValue(MISSING, null);
      leaves.add(context);
    }
    var at = new AtomicInteger();
    Runnable lookups =
        () -> {
          for (int i = at.get(); i < chains; i = Math.max(i + 1, at.get())) {
            at.accumulateAndGet(i, Math::max);
            for (Context context : List.of(middles.get(i), leaves.get(i))) {
              for (int time = 0; time < 3; time++)
                assertFound(Objects.equals(context.value(BURIED), i));
            }
          }
        };
    Together.run(Collections.nCopies(4, lookups));
    for (int i = 0; i < chains; i++) {
      for (int time = 0; time < 2; time++) assertThat(leaves.get(i).value(BURIED)).isEqualTo(i);
    }
  }
}
