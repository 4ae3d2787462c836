package weir.process;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import weir.event.RawPosition;
import weir.log.Position;

/** The ledger's counts and the positions that they stand for: always of one transaction. */
final class LedgerStore {
  private static final int SECONDS_A_MINUTE = 60;
  private final Jdbi jdbi;

  LedgerStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What is counted.
   *
   * @param raw accepted is counted before it
   * @param clean decisions are counted before it
   * @param decided the last decision before {@code clean}; null if there was none
   */
  record Cut(
      Position raw, Position clean, @org.jspecify.annotations.Nullable RawPosition decided) {}

  Cut cut() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select raw, clean, decided, decided_upto from ledger_position")
            .map((row, context) ->
                new Cut(
                    new Position(row.getLong(1)),
                    new Position(row.getLong(2)),
                    row.getLong(3) < 0 ? null : new RawPosition(row.getLong(3), row.getInt(4))))
            .one());
  }

  /**
   * Adds counts and moves the cut, in one transaction.
   *
   * @param added numbers to add; their {@code inFlight} is left out
   * @param shown what is decided but not counted yet, and what is in flight: replaces what was
   *     shown
   */
  void add(Cut to, Map<LedgerCount.Key, LedgerCount> added, Map<LedgerCount.Key, Long> inFlight) {
    jdbi.useTransaction(handle -> {
      addCounts(handle, added);
      addDropped(handle, added);
      handle.execute("update ledger_minute set in_flight = 0 where in_flight <> 0");
      showInFlight(handle, inFlight);
      RawPosition decided = to.decided();
      handle.execute(
          "update ledger_position set raw = ?, clean = ?, decided = ?, decided_upto = ?",
          to.raw().value(),
          to.clean().value(),
          decided == null ? -1 : decided.position(),
          decided == null ? -1 : decided.index());
    });
  }

  private static void addCounts(Handle handle, Map<LedgerCount.Key, LedgerCount> added) {
    if (added.isEmpty()) {
      return;
    }
    try (PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into ledger_minute
              (project, source, minute, accepted, derived, loaded, quarantined, duplicate)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do update set accepted = accepted + excluded.accepted,
              derived = derived + excluded.derived, loaded = loaded + excluded.loaded,
              quarantined = quarantined + excluded.quarantined,
              duplicate = duplicate + excluded.duplicate
            """)) {
      added.forEach((key, count) ->
          batch.add(
              key.project(),
              key.source(),
              key.minute(),
              count.accepted,
              count.derived,
              count.loaded,
              count.quarantined,
              count.duplicate));
      batch.execute();
    }
  }

  private static void addDropped(Handle handle, Map<LedgerCount.Key, LedgerCount> added) {
    added.forEach((key, count) ->
        count.dropped.forEach((reason, n) ->
            handle.execute(
                """
                insert into ledger_dropped values (?, ?, ?, ?, ?)
                on conflict do update set dropped = dropped + excluded.dropped
                """,
                key.project(),
                key.source(),
                key.minute(),
                reason,
                n)));
  }

  private static void showInFlight(Handle handle, Map<LedgerCount.Key, Long> inFlight) {
    inFlight.forEach((key, n) ->
        handle.execute(
            """
            insert into ledger_minute (project, source, minute, in_flight) values (?, ?, ?, ?)
            on conflict do update set in_flight = excluded.in_flight
            """,
            key.project(),
            key.source(),
            key.minute(),
            n));
  }

  /** The rows of a project whose minutes begin in [from, to), in order. */
  List<LedgerRow> rows(String project, Instant from, Instant to) {
    long first = Math.ceilDiv(from.getEpochSecond(), SECONDS_A_MINUTE);
    long end = Math.ceilDiv(to.getEpochSecond(), SECONDS_A_MINUTE);
    return jdbi.inTransaction(handle -> {
      Map<LedgerCount.Key, Map<String, Long>> dropped = new HashMap<>();
      handle
          .createQuery(
              "select source, minute, reason, dropped from ledger_dropped"
                  + " where project = ? and minute >= ? and minute < ?")
          .bind(0, project)
          .bind(1, first)
          .bind(2, end)
          .map((row, context) ->
              dropped
                  .computeIfAbsent(
                      new LedgerCount.Key(project, row.getString(1), row.getLong(2)),
                      key -> new HashMap<>())
                  .put(row.getString(3), row.getLong(4)))
          .list();
      return new ArrayList<>(
          handle
              .createQuery(
                  "select source, minute, accepted, derived, loaded, quarantined, duplicate,"
                      + " in_flight from ledger_minute"
                      + " where project = ? and minute >= ? and minute < ?"
                      + " order by minute, source")
              .bind(0, project)
              .bind(1, first)
              .bind(2, end)
              .map((row, context) ->
                  new LedgerRow(
                      Instant.ofEpochSecond(row.getLong(2) * SECONDS_A_MINUTE),
                      row.getString(1),
                      row.getLong(3),
                      row.getLong(4),
                      row.getLong(5),
                      row.getLong(6),
                      row.getLong(7),
                      dropped.getOrDefault(
                          new LedgerCount.Key(project, row.getString(1), row.getLong(2)), Map.of()),
                      row.getLong(8)))
              .list());
    });
  }
}
