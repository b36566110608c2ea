package dev.lanyard.durable;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Charts, from the events that are kept. Events have no index by time, which would cost something
 * for each of them: their ids grow with it, and so the first one of a span is found by halving.
 */
final class Series {
  /** Durations are looked at in so many of the last ends. */
  private static final int SAMPLE = 20_000;

  private record Count(int bucket, StoredEvent.Type type, long count) {}

  private record Took(int bucket, long millis) {}

  private Series() {}

  static List<SeriesPoint> of(Session session, long now, Duration step, int points)
      throws SQLException {
    long width = step.toMillis();
    long from = now - width * points;
    long first = firstAfter(session, from);
    List<Count> counts =
        session.query(
            "select (at - ?) / ? as bucket, type, count(*) as n from lanyard_task_event"
                + " where id >= ? and at >= ? and at < ? group by bucket, type",
            row ->
                new Count(
                    row.getInt("bucket"),
                    StoredEvent.Type.valueOf(row.getString("type")),
                    row.getLong("n")),
            from,
            width,
            first,
            from,
            now);
    List<Took> durations =
        session.query(
            "select (at - ?) / ? as bucket, took_ms from lanyard_task_event where id >= ? and at"
                + " >= ? and at < ? and took_ms is not null order by id desc limit ?",
            row -> new Took(row.getInt("bucket"), row.getLong("took_ms")),
            from,
            width,
            first,
            from,
            now,
            SAMPLE);
    return points(counts, durations, from, width, points);
  }

  private static List<SeriesPoint> points(
      List<Count> counts, List<Took> durations, long from, long width, int points) {
    var byBucket = new HashMap<Integer, Map<StoredEvent.Type, Long>>();
    for (Count each : counts) {
      byBucket
          .computeIfAbsent(each.bucket(), _ -> new EnumMap<>(StoredEvent.Type.class))
          .put(each.type(), each.count());
    }
    var tookByBucket = new HashMap<Integer, List<Long>>();
    for (Took each : durations) {
      tookByBucket.computeIfAbsent(each.bucket(), _ -> new ArrayList<>()).add(each.millis());
    }
    var series = new ArrayList<SeriesPoint>(points);
    for (int i = 0; i < points; i++) {
      Map<StoredEvent.Type, Long> count = byBucket.getOrDefault(i, Map.of());
      long[] took =
          tookByBucket.getOrDefault(i, List.of()).stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(took);
      series.add(
          new SeriesPoint(
              Instant.ofEpochMilli(from + i * width),
              count.getOrDefault(StoredEvent.Type.SUBMITTED, 0L),
              count.getOrDefault(StoredEvent.Type.COMPLETED, 0L),
              count.getOrDefault(StoredEvent.Type.FAILED, 0L),
              count.getOrDefault(StoredEvent.Type.CANCELLED, 0L),
              count.getOrDefault(StoredEvent.Type.TIMED_OUT, 0L),
              count.getOrDefault(StoredEvent.Type.RETRYING, 0L),
              share(took, 50),
              share(took, 95),
              share(took, 99)));
    }
    return series;
  }

  private static @Nullable Duration share(long[] sorted, int percent) {
    if (sorted.length == 0) return null;
    int index = (sorted.length * percent + 99) / 100 - 1;
    return Duration.ofMillis(sorted[Math.max(0, index)]);
  }

  private static long firstAfter(Session session, long moment) throws SQLException {
    Long low =
        session.first("select coalesce(min(id), 0) from lanyard_task_event", row -> row.getLong(1));
    Long high =
        session.first("select coalesce(max(id), 0) from lanyard_task_event", row -> row.getLong(1));
    if (low == null || high == null) return 0;
    long from = low;
    long to = high;
    while (from < to) {
      long middle = from + (to - from) / 2;
      Long at =
          session.first(
              "select at from lanyard_task_event where id >= ? order by id limit 1",
              row -> row.getLong(1),
              middle);
      if (at != null && at < moment) from = middle + 1;
      else to = middle;
    }
    // Transactions that overlap write moments that are a little out of order.
    return Math.max(0, from - 1_000);
  }
}
