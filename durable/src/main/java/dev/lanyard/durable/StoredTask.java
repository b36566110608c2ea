package dev.lanyard.durable;

import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as the database has it: a snapshot. Moments are on the clock of the database where that is
 * a server, in whole milliseconds.
 *
 * @param id unique in the database
 * @param name for people
 * @param kind who does it
 * @param payload JSON; null where a list leaves it out
 * @param state where it stands
 * @param priority 1 is the most urgent
 * @param critical whether its deadline can be moved
 * @param parent the id of the task it belongs to; null for none
 * @param root the id of the top of its tree; its own if it has no parent
 * @param children how many tasks name it as their parent
 * @param attempt which attempt runs or ran last; 0 before the first. Attempts that ended because
 *     their node was lost or shut down are not counted
 * @param retry how many attempts there are, and the waits between them
 * @param timeout how long it may take
 * @param progress 0 to 100, as last stored; 100 once it has completed
 * @param note what the handler said last; null for nothing
 * @param createdAt when it was accepted
 * @param runAt when it is or was due; for one that waits for another attempt, when that is
 * @param startedAt when its first attempt began; null before
 * @param finishedAt when it ended; null before
 * @param deadline when it times out; null while it has none
 * @param cancelRequestedAt when somebody asked to cancel it; null if nobody did
 * @param cancelCause why; null if nothing was said
 * @param cancelBy who asked; null if nobody was named
 * @param node the id of the node that runs it or ran it last; null before
 * @param trace which request it works for
 * @param uniqueKey see {@link Submission#uniqueKey()}
 * @param error what went wrong last; null if nothing did
 * @param result JSON of what the handler returned, or null: it has not, it returned nothing, or a
 *     list leaves it out
 * @since 0.1
 */
public record StoredTask(
    String id,
    String name,
    String kind,
    @Nullable String payload,
    State state,
    int priority,
    boolean critical,
    @Nullable String parent,
    String root,
    int children,
    int attempt,
    Retry retry,
    Duration timeout,
    int progress,
    @Nullable String note,
    Instant createdAt,
    Instant runAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant deadline,
    @Nullable Instant cancelRequestedAt,
    @Nullable String cancelCause,
    @Nullable String cancelBy,
    @Nullable String node,
    Trace trace,
    @Nullable String uniqueKey,
    @Nullable String error,
    @Nullable String result) {}
