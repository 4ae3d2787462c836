package weir.process;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Reads the ledger. What one answer says is of one transaction, and so of one cut. */
final class LedgerQueries {
  /** A row that does not balance; word for word the condition of an index. */
  static final String OUT =
      "accepted + derived <> loaded + quarantined + duplicate + dropped + in_flight";

  private static final int SECONDS_A_MINUTE = 60;

  private final Jdbi jdbi;

  LedgerQueries(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The rows of a project that begin in [from, to), in order. */
  List<LedgerRow> rows(String project, Instant from, Instant to) {
    return page(project, from, to, LedgerPage.Place.BEGINNING, Integer.MAX_VALUE).rows();
  }

  /**
   * The first of the rows of a project that begin in [from, to), in order.
   *
   * @param after only those after it
   * @param limit how many at most
   */
  LedgerPage page(String project, Instant from, Instant to, LedgerPage.Place after, int limit) {
    return jdbi.inTransaction(handle -> {
      List<LedgerRow> rows = read(handle, project, first(from), first(to), after, limit + 1L);
      if (rows.size() <= limit) {
        return new LedgerPage(rows, Optional.empty());
      }
      LedgerRow last = rows.get(limit - 1);
      return new LedgerPage(
          rows.subList(0, limit),
          Optional.of(new LedgerPage.Place(first(last.minute()), last.source())));
    });
  }

  private static long first(Instant from) {
    return Math.ceilDiv(from.getEpochSecond(), SECONDS_A_MINUTE);
  }

  private static List<LedgerRow> read(
      Handle handle, String project, long from, long to, LedgerPage.Place after, long limit) {
    long first = Math.max(from, after.minute());
    return handle
        .createQuery(
            """
            select minute, span, source, accepted, derived, loaded, quarantined, duplicate,
              dropped, in_flight, uncommitted
            from ledger_minute indexed by ledger_time
            where project = ? and minute >= ? and minute < ? and (minute, source) > (?, ?)
            order by minute, source limit ?
            """)
        .bind(0, project)
        .bind(1, first)
        .bind(2, to)
        .bind(3, after.minute())
        .bind(4, after.source())
        .bind(5, limit)
        .map((row, context) ->
            new LedgerRow(
                Instant.ofEpochSecond(row.getLong(1) * SECONDS_A_MINUTE),
                LedgerSpan.ofMinutes(row.getInt(2)),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9) == 0
                    ? Map.of()
                    : reasons(handle, project, row.getString(3), row.getLong(1)),
                row.getLong(10),
                row.getLong(11)))
        .list();
  }

  private static Map<String, Long> reasons(
      Handle handle, String project, String source, long minute) {
    Map<String, Long> reasons = new HashMap<>();
    handle
        .createQuery(
            "select reason, dropped from ledger_dropped"
                + " where project = ? and source = ? and minute = ?")
        .bind(0, project)
        .bind(1, source)
        .bind(2, minute)
        .map((row, context) -> reasons.put(row.getString(1), row.getLong(2)))
        .list();
    return reasons;
  }

  /** Whether all rows of a project that begin in [from, to) balance. */
  boolean balanced(String project, Instant from, Instant to) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select not exists (select 1 from ledger_minute indexed by ledger_unbalanced"
                    + " where project = ? and minute >= ? and minute < ? and "
                    + OUT
                    + ")")
            .bind(0, project)
            .bind(1, first(from))
            .bind(2, first(to))
            .mapTo(Boolean.class)
            .one());
  }

  /** The sums over all time of some projects. Reads a row for each source, and the open ones. */
  LedgerTotals totals(Collection<String> projects) {
    return jdbi.inTransaction(handle -> {
      LedgerTotals sum = new LedgerTotals(0, 0, 0, 0, 0, 0, 0, true);
      for (String project : projects) {
        LedgerTotals one = total(handle, project);
        sum =
            new LedgerTotals(
                sum.accepted() + one.accepted(),
                sum.derived() + one.derived(),
                sum.quarantined() + one.quarantined(),
                sum.duplicate() + one.duplicate(),
                sum.dropped() + one.dropped(),
                sum.inFlight() + one.inFlight(),
                sum.uncommitted() + one.uncommitted(),
                sum.balanced() && one.balanced());
      }
      return sum;
    });
  }

  private static LedgerTotals total(Handle handle, String project) {
    return handle
        .createQuery(
            """
            select
              (select coalesce(sum(accepted), 0) from ledger_total where project = :project),
              (select coalesce(sum(derived), 0) from ledger_total where project = :project),
              (select coalesce(sum(quarantined), 0) from ledger_total where project = :project),
              (select coalesce(sum(duplicate), 0) from ledger_total where project = :project),
              (select coalesce(sum(dropped), 0) from ledger_total where project = :project),
              (select coalesce(sum(in_flight), 0) from ledger_minute indexed by ledger_open
                where project = :project and (in_flight <> 0 or uncommitted <> 0)),
              (select coalesce(sum(uncommitted), 0) from ledger_minute indexed by ledger_open
                where project = :project and (in_flight <> 0 or uncommitted <> 0)),
              not exists (select 1 from ledger_minute indexed by ledger_unbalanced
                where project = :project and
            """
                + OUT
                + ")")
        .bind("project", project)
        .map((row, context) ->
            new LedgerTotals(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getBoolean(8)))
        .one();
  }
}
