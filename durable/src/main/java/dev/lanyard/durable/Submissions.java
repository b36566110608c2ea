package dev.lanyard.durable;

import dev.lanyard.tasks.RefusedException;
import dev.lanyard.tasks.RefusedException.Reason;
import dev.lanyard.tasks.State;
import dev.lanyard.tasks.Task;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How tasks come into the database: all of a list or none. First everything that stands in the way
 * is looked for, then everything is written; what comes in the way between the two makes the
 * transaction fail and be made again.
 */
final class Submissions implements Journal.Sort<Submissions.Question, StoredTask> {
  static final int DEEPEST = 32;
  private static final int LONGEST_FACTOR = 10;

  private static final String INSERT =
      "insert into lanyard_task (id, name, kind, payload, parent_id, root_id, path, fork,"
          + " children, state,"
          + " priority, critical, max_attempts, retry_base_ms, retry_cap_ms, timeout_ms,"
          + " longest_ms, created_at, run_at, request_id, traceparent, tracestate, baggage,"
          + " unique_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?)";

  /** A task that is submitted for itself. */
  record Question(Submission submission, String payload) {}

  /** The run that forks tasks. */
  record Forker(String id, int run) {}

  private record Parent(String path, String root, State state, boolean cancelled) {
    static Parent of(ResultSet row) throws SQLException {
      return new Parent(
          row.getString("path"),
          row.getString("root_id"),
          State.valueOf(row.getString("state")),
          Rows.number(row, "cancel_requested_at") != null);
    }
  }

  private final ClaimRows claims;

  Submissions(ClaimRows claims) {
    this.claims = claims;
  }

  /** Payloads are written by the caller's thread, not by the journal's. */
  static List<String> payloads(List<Submission> submissions) {
    return submissions.stream().map(each -> Codec.write(each.task().payload())).toList();
  }

  @Override
  public StoredTask alone(Tx tx, Question question) throws SQLException {
    List<Submission> one = List.of(question.submission);
    return add(tx, one, List.of(question.payload), null).getFirst();
  }

  /** Those that have no parent and no unique key, and whose ids are new. */
  @Override
  public IdentityHashMap<Question, StoredTask> together(Tx tx, List<Question> questions)
      throws SQLException {
    Map<String, Question> simple = new LinkedHashMap<>();
    for (Question each : questions) {
      Submission submission = each.submission;
      if (submission.task().parent() != null || submission.uniqueKey() != null) continue;
      simple.putIfAbsent(submission.task().id(), each);
    }
    simple.keySet().removeAll(taken(tx, List.copyOf(simple.keySet())));
    List<Question> accepted = List.copyOf(simple.values());
    List<StoredTask> tasks =
        insert(
            tx,
            accepted.stream().map(Question::submission).toList(),
            accepted.stream().map(Question::payload).toList(),
            new HashMap<>(),
            null);
    var made = new IdentityHashMap<Question, StoredTask>();
    for (int i = 0; i < tasks.size(); i++) made.put(accepted.get(i), tasks.get(i));
    return made;
  }

  List<StoredTask> add(
      Tx tx, List<Submission> submissions, List<String> payloads, @Nullable Forker forker)
      throws SQLException {
    if (submissions.isEmpty()) return List.of();
    refuseDuplicates(tx, submissions);
    return insert(tx, submissions, payloads, parents(tx, submissions, forker), forker);
  }

  private List<StoredTask> insert(
      Tx tx,
      List<Submission> submissions,
      List<String> payloads,
      Map<String, Parent> parents,
      @Nullable Forker forker)
      throws SQLException {
    if (submissions.isEmpty()) return List.of();
    var accepted = new ArrayList<StoredTask>(submissions.size());
    var rows = new ArrayList<@Nullable Object[]>(submissions.size());
    var due = new ArrayList<ClaimRows.Due>(submissions.size());
    Map<String, Integer> children = children(submissions);
    for (int i = 0; i < submissions.size(); i++) {
      Submission submission = submissions.get(i);
      Task task = submission.task();
      Parent parent = task.parent() == null ? null : parents.get(task.parent());
      int below = children.getOrDefault(task.id(), 0);
      String path = (parent == null ? "" : parent.path()) + task.id() + "/";
      String root = parent == null ? task.id() : parent.root();
      long at = Math.max(tx.now, submission.at() == null ? 0 : millis(submission.at()));
      State state = at > tx.now ? State.SCHEDULED : State.PENDING;
      parents.put(task.id(), new Parent(path, root, state, false));
      rows.add(row(submission, payloads.get(i), path, root, below, state, at, tx.now, forker));
      due.add(new ClaimRows.Due(task.kind(), task.id(), task.priority(), tx.inTurn(at)));
      accepted.add(stored(submission, payloads.get(i), root, below, state, at, tx.now));
    }
    countChildren(tx, children, submissions, forker);
    tx.session.batch(INSERT, rows);
    claims.insert(due);
    for (StoredTask task : accepted) {
      tx.event(StoredEvent.Type.SUBMITTED, task.id(), task.state(), 0, null, null, null);
      if (task.state() == State.PENDING) tx.ready(task.priority());
    }
    return accepted;
  }

  private static Map<String, Integer> children(List<Submission> submissions) {
    var children = new LinkedHashMap<String, Integer>();
    for (Submission submission : submissions) {
      String parent = submission.task().parent();
      if (parent != null) children.merge(parent, 1, Integer::sum);
    }
    return children;
  }

  private static <T> List<List<T>> parts(List<T> all) {
    var parts = new ArrayList<List<T>>();
    for (int i = 0; i < all.size(); i += 500) {
      parts.add(all.subList(i, Math.min(all.size(), i + 500)));
    }
    return parts;
  }

  // ---- What stands in the way

  private static void refuseDuplicates(Tx tx, List<Submission> submissions) throws SQLException {
    Set<String> ids = new HashSet<>();
    Map<String, Task> keys = new HashMap<>();
    for (Submission submission : submissions) {
      if (!ids.add(submission.task().id())) refuseId(submission.task());
      String key = submission.uniqueKey();
      Task first = key == null ? null : keys.putIfAbsent(key, submission.task());
      if (first != null) refuseKey(submission, first.id());
    }
    Set<String> taken = taken(tx, List.copyOf(ids));
    Map<String, String> holders = new HashMap<>();
    for (List<String> part : parts(List.copyOf(keys.keySet()))) {
      tx.session
          .query(
              "select unique_key, id from lanyard_task where finished_at is null and unique_key"
                  + " is not null and unique_key in ("
                  + Session.marks(part.size())
                  + ")",
              row -> Map.entry(row.getString(1), row.getString(2)),
              Session.padded(part))
          .forEach(found -> holders.put(found.getKey(), found.getValue()));
    }
    for (Submission submission : submissions) {
      if (taken.contains(submission.task().id())) refuseId(submission.task());
      String holder = submission.uniqueKey() == null ? null : holders.get(submission.uniqueKey());
      if (holder != null) refuseKey(submission, holder);
    }
  }

  /** Of these ids, those that are known. */
  private static Set<String> taken(Tx tx, List<String> ids) throws SQLException {
    Set<String> taken = new HashSet<>();
    for (List<String> part : parts(ids)) {
      taken.addAll(
          tx.session.query(
              "select id from lanyard_task where id in (" + Session.marks(part.size()) + ")",
              row -> row.getString(1),
              Session.padded(part)));
    }
    return taken;
  }

  private static void refuseId(Task task) {
    throw refusal(
        task,
        Reason.DUPLICATE_ID,
        "there is a task with the id " + task.id() + " already",
        task.id());
  }

  private static void refuseKey(Submission submission, String holder) {
    throw refusal(
        submission.task(),
        Reason.DUPLICATE_KEY,
        "the task "
            + holder
            + " with the unique key \""
            + submission.uniqueKey()
            + "\" has not ended",
        holder);
  }

  static RefusedException refusal(Task task, Reason reason, String why, @Nullable String other) {
    return new RefusedException(reason, "task \"" + task.name() + "\" is refused: " + why, other);
  }

  /** The parents that are in the database, by their ids; those that come along are added later. */
  private static Map<String, Parent> parents(
      Tx tx, List<Submission> submissions, @Nullable Forker forker) throws SQLException {
    Map<String, Parent> parents = new HashMap<>();
    Map<String, Integer> depths = new HashMap<>();
    for (Submission submission : submissions) {
      Task task = submission.task();
      String id = task.parent();
      int depth = 1;
      if (id != null && depths.containsKey(id)) {
        depth = depths.get(id) + 1;
      } else if (id != null) {
        Parent parent =
            tx.session.first(
                "select path, root_id, state, cancel_requested_at from lanyard_task where id = ?",
                Parent::of,
                id);
        check(task, id, parent, forker);
        parents.put(id, Objects.requireNonNull(parent));
        int above = (int) parent.path().chars().filter(letter -> letter == '/').count();
        depths.put(id, above);
        depth = above + 1;
      }
      if (depth > DEEPEST) {
        throw refusal(
            task, Reason.TOO_DEEP, "a tree of tasks has at most " + DEEPEST + " levels", id);
      }
      depths.put(task.id(), depth);
    }
    return parents;
  }

  private static void check(
      Task task, String id, @Nullable Parent parent, @Nullable Forker forker) {
    if (parent == null) {
      throw refusal(
          task,
          Reason.PARENT_UNKNOWN,
          "its parent " + id + " is not known; a parent is submitted before its children",
          id);
    }
    boolean gone =
        parent.cancelled()
            || (parent.state().isTerminal() && parent.state() != State.COMPLETED)
            || (forker != null && parent.state() != State.RUNNING);
    if (gone) throw parentEnded(task, id, parent.cancelled() ? "being cancelled" : parent.state());
  }

  private static RefusedException parentEnded(Task task, String id, Object how) {
    return refusal(task, Reason.PARENT_ENDED, "its parent " + id + " is " + how, id);
  }

  /** The parent may have ended since it was looked at: this locks its row, or finds that it has. */
  private static void countChildren(
      Tx tx, Map<String, Integer> children, List<Submission> submissions, @Nullable Forker forker)
      throws SQLException {
    Set<String> own = new HashSet<>();
    for (Submission submission : submissions) own.add(submission.task().id());
    boolean wrote = false;
    for (Map.Entry<String, Integer> each : children.entrySet()) {
      String id = each.getKey();
      if (own.contains(id)) continue; // written further down, with its number
      int counted =
          forker == null
              ? tx.session.update(
                  "update lanyard_task set children = children + ? where id = ? and"
                      + " cancel_requested_at is"
                      + " null and state not in ('FAILED', 'CANCELLED', 'TIMED_OUT')",
                  each.getValue(),
                  id)
              : tx.session.update(
                  "update lanyard_task set children = children + ? where id = ? and"
                      + " cancel_requested_at is null and state = 'RUNNING' and runs = ?",
                  each.getValue(),
                  id,
                  forker.run());
      if (counted == 0) {
        if (wrote) throw new Failures.LateConflict();
        Task child =
            submissions.stream()
                .map(Submission::task)
                .filter(task -> id.equals(task.parent()))
                .findFirst()
                .orElseThrow();
        throw parentEnded(child, id, "no longer running, or being cancelled");
      }
      wrote = true;
    }
  }

  // ---- Values

  private static @Nullable Object[] row(
      Submission submission,
      String payload,
      String path,
      String root,
      int children,
      State state,
      long at,
      long now,
      @Nullable Forker forker) {
    Task task = submission.task();
    Trace trace = submission.trace();
    return new @Nullable Object[] {
      task.id(),
      Texts.cutSome(task.name(), 200),
      task.kind(),
      payload,
      task.parent(),
      root,
      path,
      forker == null ? 0 : 1,
      children,
      state.name(),
      task.priority(),
      task.critical() ? 1 : 0,
      task.retry().attempts(),
      millis(task.retry().base()),
      millis(task.retry().cap()),
      Math.max(1, millis(task.timeout())),
      longest(submission),
      now,
      at,
      trace.requestId(),
      trace.traceparent(),
      trace.tracestate(),
      trace.baggage(),
      submission.uniqueKey()
    };
  }

  private static long longest(Submission submission) {
    Duration longest = submission.longest();
    if (longest != null) return Math.max(1, millis(longest));
    long timeout = Math.max(1, millis(submission.task().timeout()));
    return timeout > FAR_MILLIS / LONGEST_FACTOR ? FAR_MILLIS : timeout * LONGEST_FACTOR;
  }

  /** Some thousand years: enough, and sums with a moment do not overflow. */
  private static final long FAR_MILLIS = 1L << 47;

  private static long millis(Duration duration) {
    return duration.compareTo(Duration.ofMillis(FAR_MILLIS)) >= 0
        ? FAR_MILLIS
        : duration.toMillis();
  }

  private static long millis(@Nullable Instant instant) {
    Instant at = Objects.requireNonNull(instant);
    if (at.compareTo(Instant.ofEpochMilli(FAR_MILLIS)) >= 0) return FAR_MILLIS;
    return at.isBefore(Instant.EPOCH) ? 0 : at.toEpochMilli();
  }

  private static StoredTask stored(
      Submission submission,
      String payload,
      String root,
      int children,
      State state,
      long at,
      long now) {
    Task task = submission.task();
    return new StoredTask(
        task.id(),
        task.name(),
        task.kind(),
        payload,
        state,
        task.priority(),
        task.critical(),
        task.parent(),
        root,
        children,
        0,
        task.retry(),
        task.timeout(),
        0,
        null,
        Instant.ofEpochMilli(now),
        Instant.ofEpochMilli(at),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        submission.trace(),
        submission.uniqueKey(),
        null,
        null);
  }
}
