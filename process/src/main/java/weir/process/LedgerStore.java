package weir.process;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import weir.event.RawPosition;
import weir.log.Position;

/** The ledger's counts and the positions that they stand for: always of one transaction. */
final class LedgerStore {
  private static final int SECONDS_A_MINUTE = 60;

  private static final Set<Integer> PASSING =
      Stream.of(
              SQLiteErrorCode.SQLITE_BUSY,
              SQLiteErrorCode.SQLITE_LOCKED,
              SQLiteErrorCode.SQLITE_NOMEM,
              SQLiteErrorCode.SQLITE_READONLY,
              SQLiteErrorCode.SQLITE_IOERR,
              SQLiteErrorCode.SQLITE_FULL,
              SQLiteErrorCode.SQLITE_CANTOPEN,
              SQLiteErrorCode.SQLITE_PROTOCOL)
          .map(code -> code.code)
          .collect(Collectors.toUnmodifiableSet());

  private final Jdbi jdbi;

  LedgerStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** Whether something failed that may be right again later: locks, a full or failing disk. */
  static boolean mayPass(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return PASSING.contains(sqlite.getResultCode().code & 0xFF);
      }
    }
    return false;
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
    return jdbi.withHandle(LedgerStore::cut);
  }

  private static Cut cut(Handle handle) {
    return handle
        .createQuery("select raw, clean, decided, decided_upto from ledger_position")
        .map((row, context) ->
            new Cut(
                new Position(row.getLong(1)),
                new Position(row.getLong(2)),
                row.getLong(3) < 0 ? null : new RawPosition(row.getLong(3), row.getInt(4))))
        .one();
  }

  /** The rows that have open events at the cut. */
  Map<LedgerCount.Key, LedgerStep.Open> open() {
    Map<LedgerCount.Key, LedgerStep.Open> open = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery(
                "select project, source, minute, in_flight, undecided from ledger_minute"
                    + " where in_flight <> 0 or undecided <> 0")
            .map((row, context) ->
                open.put(
                    new LedgerCount.Key(row.getString(1), row.getString(2), row.getLong(3)),
                    new LedgerStep.Open(row.getLong(4), row.getLong(5))))
            .list());
    return open;
  }

  /**
   * Adds counts and moves the cut, in one transaction; does nothing if that was done before, by an
   * attempt whose outcome was not known.
   *
   * @throws IllegalStateException if the cut is neither before nor after the step
   */
  void apply(LedgerStep step) {
    jdbi.useTransaction(handle -> {
      Cut cut = cut(handle);
      if (cut.equals(step.to())) {
        return;
      }
      if (!cut.equals(step.from())) {
        throw new IllegalStateException(
            "the ledger stands at " + cut + " and not at " + step.from() + ": has it two writers?");
      }
      addCounts(handle, step.added());
      addDropped(handle, step.added());
      showOpen(handle, step.open());
      RawPosition decided = step.to().decided();
      handle.execute(
          "update ledger_position set raw = ?, clean = ?, decided = ?, decided_upto = ?",
          step.to().raw().value(),
          step.to().clean().value(),
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

  private static void showOpen(Handle handle, Map<LedgerCount.Key, LedgerStep.Open> open) {
    if (open.isEmpty()) {
      return;
    }
    try (PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into ledger_minute (project, source, minute, in_flight, undecided)
            values (?, ?, ?, ?, ?)
            on conflict do update
              set in_flight = excluded.in_flight, undecided = excluded.undecided
            """)) {
      open.forEach((key, n) ->
          batch.add(key.project(), key.source(), key.minute(), n.inFlight(), n.undecided()));
      batch.execute();
    }
  }

  /** The rows that do not balance, of all projects and times. Reads everything once. */
  Set<LedgerCount.Key> unbalanced() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select project, source, minute from ledger_minute row
                where accepted + derived <> loaded + quarantined + duplicate + in_flight
                  + (select coalesce(sum(dropped), 0) from ledger_dropped part
                     where part.project = row.project and part.source = row.source
                       and part.minute = row.minute)
                """)
            .map((row, context) ->
                new LedgerCount.Key(row.getString(1), row.getString(2), row.getLong(3)))
            .set());
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
