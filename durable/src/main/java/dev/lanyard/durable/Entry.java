package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change in the {@link Journal} that was asked for, and the answer to it. Whoever asks has the
 * answer, everything else is the writer's.
 */
final class Entry<Q, T extends @Nullable Object> {
  private final Journal.Change<T> change;
  private final Journal.@Nullable Sort<Q, T> sort;
  private final @Nullable Q question;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private boolean made;
  private @Nullable T result;
  private @Nullable RefusedException refusal;

  /** How often it has found a row that somebody else had locked. */
  int waits;

  /** Without a sort it is always made alone. */
  Entry(Journal.Change<T> change, Journal.@Nullable Sort<Q, T> sort, @Nullable Q question) {
    this.change = change;
    this.sort = sort;
    this.question = question;
  }

  CompletableFuture<T> answer() {
    return answer;
  }

  /** In a transaction of theirs; with a server, those of one sort together. */
  static void makeAll(Tx tx, List<Entry<?, ?>> entries) throws SQLException {
    for (Entry<?, ?> entry : entries) entry.begin();
    if (!tx.isInFile() && entries.size() > 1) {
      for (List<Entry<?, ?>> each : bySort(entries).values()) together(tx, each);
    }
    for (Entry<?, ?> entry : entries) if (!entry.made) entry.makeAlone(tx);
  }

  private static Map<Journal.Sort<?, ?>, List<Entry<?, ?>>> bySort(List<Entry<?, ?>> entries) {
    Map<Journal.Sort<?, ?>, List<Entry<?, ?>>> sorts = new LinkedHashMap<>();
    for (Entry<?, ?> entry : entries) {
      if (entry.sort != null) sorts.computeIfAbsent(entry.sort, _ -> new ArrayList<>()).add(entry);
    }
    return sorts;
  }

  @SuppressWarnings("unchecked") // all are of the sort of the first
  private static <Q, T extends @Nullable Object> void together(Tx tx, List<Entry<?, ?>> entries)
      throws SQLException {
    Journal.Sort<Q, T> sort = (Journal.Sort<Q, T>) entries.getFirst().sort;
    if (sort == null || entries.size() == 1) return;
    List<Q> questions = new ArrayList<>();
    for (Entry<?, ?> entry : entries) questions.add((Q) entry.question);
    IdentityHashMap<Q, T> results = sort.together(tx, questions);
    for (Entry<?, ?> each : entries) {
      Entry<Q, T> entry = (Entry<Q, T>) each;
      if (results.containsKey(entry.question)) entry.made(results.get(entry.question));
    }
  }

  private void begin() {
    made = false;
    refusal = null;
  }

  private void made(@Nullable T result) {
    this.result = result;
    made = true;
  }

  private void makeAlone(Tx tx) throws SQLException {
    try {
      made(change.in(tx));
    } catch (RefusedException refused) {
      refusal = refused;
    }
  }

  @SuppressWarnings("NullAway") // the result is that of the change, null or not
  void succeed() {
    if (refusal != null) answer.completeExceptionally(refusal);
    else answer.complete(result);
  }

  void fail(Throwable failure) {
    answer.completeExceptionally(failure);
  }
}
