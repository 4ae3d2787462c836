package weir.process;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Adds up the ledger's old rows: minutes to hours, hours to days. No number changes its sum.
 *
 * <p>One step takes the oldest stretch that has rows to add up, and is one transaction: ended in
 * the middle, nothing has happened, and the next one starts there. What it reads is bounded by the
 * stretch, not by the ledger. A row with open events is left alone, since they still change it, and
 * so is one that does not balance: beside its neighbours it would not be found again. Used by one
 * thread.
 */
final class LedgerThinning {
  /** How many of the longer rows of one source a step makes at most. */
  private static final int STRETCH = 24;

  private static final String ITS_ROWS =
      " where project = :project and source = :source and minute >= :begin and minute < :end";

  /** How long rows are kept as they are. */
  record Keeping(Duration minutes, Duration hours) {
    static Keeping defaults() {
      return new Keeping(Duration.ofDays(30), Duration.ofDays(2 * 365));
    }
  }

  private final Jdbi jdbi;
  private final Level[] levels;

  /** From which span to which, and where the pass over the rows stands. */
  private static final class Level {
    final LedgerSpan from;
    final LedgerSpan to;
    final Duration after;
    long seen;

    Level(LedgerSpan from, LedgerSpan to, Duration after) {
      this.from = from;
      this.to = to;
      this.after = after;
    }
  }

  /** A row to make out of those of one source that begin in [begin, end). */
  private record Group(String project, String source, long begin, long end, int span) {
    <S extends SqlStatement<S>> S bind(S statement) {
      return statement
          .bind("project", project)
          .bind("source", source)
          .bind("begin", begin)
          .bind("end", end);
    }
  }

  LedgerThinning(Jdbi jdbi, Keeping keeping) {
    this.jdbi = jdbi;
    this.levels =
        new Level[] {
          new Level(LedgerSpan.MINUTE, LedgerSpan.HOUR, keeping.minutes()),
          new Level(LedgerSpan.HOUR, LedgerSpan.DAY, keeping.hours())
        };
  }

  /** Begins a new pass over all rows: what was left alone before may be added up now. */
  void restart() {
    for (Level level : levels) {
      level.seen = 0;
    }
  }

  /**
   * Adds up one stretch.
   *
   * @return whether there may be more
   */
  boolean step(Instant now) {
    for (Level level : levels) {
      if (step(level, now)) {
        return true;
      }
    }
    return false;
  }

  private boolean step(Level level, Instant now) {
    long width = level.to.minutes();
    long end = Math.floorDiv(now.minus(level.after).getEpochSecond() / 60, width) * width;
    return jdbi.inTransaction(handle -> {
      OptionalLong oldest = oldest(handle, level, end);
      if (oldest.isEmpty()) {
        return false;
      }
      long begin = Math.floorDiv(oldest.getAsLong(), width) * width;
      long upTo = Math.min(end, begin + STRETCH * width);
      for (Group group : groups(handle, level, begin, upTo)) {
        replace(handle, group);
      }
      level.seen = upTo;
      return true;
    });
  }

  private static OptionalLong oldest(Handle handle, Level level, long end) {
    return handle
        .createQuery(
            "select min(minute) from ledger_minute indexed by ledger_span"
                + " where span = ? and minute >= ? and minute < ?")
        .bind(0, level.from.minutes())
        .bind(1, level.seen)
        .bind(2, end)
        .map((row, context) -> {
          long minute = row.getLong(1);
          return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(minute);
        })
        .one();
  }

  /** A late row may lie within a longer one, which then takes it in. */
  private static List<Group> groups(Handle handle, Level level, long begin, long end) {
    int width = level.to.minutes();
    return handle
        .createQuery(
            """
            select project, source, minute / :width * :width, max(max(span), :width)
            from ledger_minute indexed by ledger_span
            where span in (1, 60, 1440) and minute >= :begin and minute < :end
            group by project, source, minute / :width
            having min(span) < :width and not max(in_flight <> 0 or uncommitted <> 0 or
            """
                + LedgerQueries.OUT
                + ")")
        .bind("width", width)
        .bind("begin", begin)
        .bind("end", end)
        .map((row, context) ->
            new Group(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(3) + width,
                row.getInt(4)))
        .list();
  }

  private static void replace(Handle handle, Group group) {
    long[] sums =
        group
            .bind(
                handle.createQuery(
                    """
                    select sum(accepted), sum(derived), sum(loaded), sum(quarantined),
                      sum(duplicate), sum(dropped) from ledger_minute
                    """
                        + ITS_ROWS))
            .map((row, context) -> {
              long[] each = new long[6];
              for (int i = 0; i < each.length; i++) {
                each[i] = row.getLong(i + 1);
              }
              return each;
            })
            .one();
    group.bind(handle.createUpdate("delete from ledger_minute" + ITS_ROWS)).execute();
    handle.execute(
        """
        insert into ledger_minute (project, source, minute, span,
          accepted, derived, loaded, quarantined, duplicate, dropped)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        group.project(),
        group.source(),
        group.begin(),
        group.span(),
        sums[0],
        sums[1],
        sums[2],
        sums[3],
        sums[4],
        sums[5]);
    if (sums[5] != 0) {
      replaceReasons(handle, group);
    }
  }

  private static void replaceReasons(Handle handle, Group group) {
    Map<String, Long> reasons = new HashMap<>();
    group
        .bind(
            handle.createQuery(
                "select reason, sum(dropped) from ledger_dropped" + ITS_ROWS + " group by reason"))
        .map((row, context) -> reasons.put(row.getString(1), row.getLong(2)))
        .list();
    group.bind(handle.createUpdate("delete from ledger_dropped" + ITS_ROWS)).execute();
    reasons.forEach((reason, dropped) ->
        handle.execute(
            "insert into ledger_dropped values (?, ?, ?, ?, ?)",
            group.project(),
            group.source(),
            group.begin(),
            reason,
            dropped));
  }
}
