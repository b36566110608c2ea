package dev.lanyard.proofs.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.context.CancellableContext;
import dev.lanyard.context.Context;
import dev.lanyard.context.Fork;
import dev.lanyard.context.Group;
import dev.lanyard.context.Registration;
import dev.lanyard.proofs.JcstressRun;
import dev.lanyard.proofs.Length;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every public operation on a context, a registration, a deadline, a region or a group is raced
 * against every other one, or it is written here why the two cannot race. The matrix, with how
 * often each outcome was seen, is in {@code target/pairs.md}.
 */
@Isolated("races want the machine to themselves")
class PairsTest {
  private static final int MILLIS = Length.isLong() ? 20_000 : 1_000;

  /** The reason why two operations on one context do not race; null if they do. */
  private static @Nullable String whyNot(ContextOperation one, ContextOperation other) {
    if (other == ContextOperation.READ) return "reads final fields and the thread's own binding";
    if (one == ContextOperation.DEADLINE || other == ContextOperation.DEADLINE) {
      boolean moves = one == ContextOperation.EXTEND || other == ContextOperation.EXTEND;
      return moves ? null : "deadline() reads what extendTo alone writes";
    }
    if (other == ContextOperation.INTERRUPT) {
      boolean feels = one == ContextOperation.AWAIT || one == ContextOperation.REGION;
      return feels ? null : "an interrupt is for a thread that waits or is in a region";
    }
    return null;
  }

  /** As for contexts. */
  private static @Nullable String whyNot(GroupOperation one, GroupOperation other) {
    if (other == GroupOperation.READ) return "reads final fields";
    if (other == GroupOperation.ALL || other == GroupOperation.FIRST) {
      boolean reaches = one == GroupOperation.END_ABOVE;
      return reaches ? null : "its group is its own: only the end above reaches it";
    }
    if (other == GroupOperation.ASK) {
      return one.endsForks() ? null : "asking a fork reads what the end of that fork alone writes";
    }
    return null;
  }

  @Test
  void everyPairOnAContextIsRacedOrCannotRace() {
    assertThat(uncovered(contexts(), pair -> whyNot(pair.one(), pair.other()))).isEmpty();
  }

  @Test
  void everyPairOnAGroupIsRacedOrCannotRace() {
    assertThat(uncovered(groups(), pair -> whyNot(pair.one(), pair.other()))).isEmpty();
  }

  /** A new method of the interface must find its place in the matrix. */
  @Test
  void everyPublicMethodBelongsToAnOperation() {
    var onContext = Arrays.stream(ContextOperation.values()).flatMap(each -> each.methods.stream());
    assertThat(publicMethods(Context.class, CancellableContext.class, Registration.class))
        .isEqualTo(onContext.collect(TreeSet::new, Set::add, Set::addAll));
    var onGroup = Arrays.stream(GroupOperation.values()).flatMap(each -> each.methods.stream());
    assertThat(publicMethods(Group.class, Fork.class))
        .isEqualTo(onGroup.collect(TreeSet::new, Set::add, Set::addAll));
  }

  private static Set<String> publicMethods(Class<?>... types) {
    var names = new TreeSet<String>();
    for (Class<?> type : types) {
      for (var method : type.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
          names.add(method.getName());
      }
    }
    return names;
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void noRaceShowsWhatNoOrderOfTheTwoCanShow() throws Exception {
    var run =
        JcstressRun.of(
            "\\.pairs\\.(Context|Blocking|Group)Races$", MILLIS, "-v", "-strideCount", "8");
    assertThat(run.exitCode()).as(run.output()).isZero();
    var onContext = new Matrix<>(ContextOperation.class, pair -> whyNot(pair.one(), pair.other()));
    onContext.add(run.observed(ContextRaces.class));
    onContext.add(run.observed(BlockingRaces.class));
    var onGroup = new Matrix<>(GroupOperation.class, pair -> whyNot(pair.one(), pair.other()));
    onGroup.add(run.observed(GroupRaces.class));
    Files.writeString(
        Path.of("target", "pairs.md"),
        onContext.print("On a context") + onGroup.print("On a group"));
    assertThat(onContext.raced()).containsExactlyInAnyOrderElementsOf(contexts());
    assertThat(onGroup.raced()).containsExactlyInAnyOrderElementsOf(groups());
  }

  private static Set<Pair<ContextOperation>> contexts() {
    var raced = new LinkedHashSet<>(Pair.raced(ContextRaces.class, ContextOperation.class));
    raced.addAll(Pair.raced(BlockingRaces.class, ContextOperation.class));
    return raced;
  }

  private static Set<Pair<GroupOperation>> groups() {
    return Pair.raced(GroupRaces.class, GroupOperation.class);
  }

  /** Pairs with neither a race nor a reason, and those with both. */
  private static <O extends Enum<O>> List<String> uncovered(
      Set<Pair<O>> raced, Function<Pair<O>, @Nullable String> whyNot) {
    Class<O> operations = raced.iterator().next().one().getDeclaringClass();
    var wrong = new ArrayList<String>();
    for (Pair<O> pair : Pair.all(operations)) {
      boolean cannot = whyNot.apply(pair) != null;
      if (raced.contains(pair) == cannot)
        wrong.add(pair + (cannot ? ": a race too many" : ": none"));
    }
    return wrong;
  }
}
