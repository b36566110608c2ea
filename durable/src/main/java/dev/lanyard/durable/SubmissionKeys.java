package dev.lanyard.durable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which keys tasks were submitted, so that who does not know whether that went well can say
 * it again. A key is written in the transaction that accepts its tasks; of two at once, one finds
 * the other's, at the latest when its own cannot be written and its transaction is made again.
 */
final class SubmissionKeys {
  private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

  private record First(String fingerprint, String tasks) {}

  private final Submissions submissions;

  SubmissionKeys(Submissions submissions) {
    this.submissions = submissions;
  }

  Receipt submit(Tx tx, String key, String fingerprint, List<Submission> all, List<String> payloads)
      throws SQLException {
    First first =
        tx.session.first(
            "select fingerprint, tasks from lanyard_submission_key where id = ? and created_at > ?",
            row -> new First(row.getString(1), row.getString(2)),
            key,
            tx.now - KEPT_MILLIS);
    if (first != null) return new Receipt(first.fingerprint, tasks(tx, first.tasks), true);
    List<StoredTask> accepted = submissions.add(tx, all, payloads, null);
    tx.session.update(
        "delete from lanyard_submission_key where created_at <= ?", tx.now - KEPT_MILLIS);
    tx.session.update(
        "insert into lanyard_submission_key (id, fingerprint, tasks, created_at) values (?, ?,"
            + " ?, ?)",
        key,
        fingerprint,
        String.join(" ", accepted.stream().map(StoredTask::id).toList()),
        tx.now);
    return new Receipt(fingerprint, accepted, false);
  }

  private static List<StoredTask> tasks(Tx tx, String ids) throws SQLException {
    List<StoredTask> tasks = new ArrayList<>();
    for (String id : ids.split(" ", -1)) {
      @Nullable StoredTask task = Rows.find(tx.session, id);
      if (task != null) tasks.add(task);
    }
    return tasks;
  }
}
