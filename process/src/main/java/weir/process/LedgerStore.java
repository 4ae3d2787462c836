package weir.process;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.event.RawPosition;

/** Writes the ledger's counts and the positions that they stand for: always in one transaction. */
final class LedgerStore {
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
   * @param loaded events before this position of the clean log count as loaded
   * @param held requests before this position of the raw log are decided, and their events loaded
   */
  record Cut(
      Position raw, Position clean, @Nullable RawPosition decided, Position loaded, Position held) {
    static final Cut START =
        new Cut(Position.START, Position.START, null, Position.START, Position.START);
  }

  Cut cut() {
    return jdbi.withHandle(LedgerStore::cut);
  }

  private static Cut cut(Handle handle) {
    return handle
        .createQuery("select raw, clean, decided, decided_upto, loaded, held from ledger_position")
        .map((row, context) ->
            new Cut(
                new Position(row.getLong(1)),
                new Position(row.getLong(2)),
                row.getLong(3) < 0 ? null : new RawPosition(row.getLong(3), row.getInt(4)),
                new Position(row.getLong(5)),
                new Position(row.getLong(6))))
        .one();
  }

  /** The rows that have open events at the cut. */
  Map<LedgerCount.Key, LedgerStep.Open> open() {
    Map<LedgerCount.Key, LedgerStep.Open> open = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery(
                "select project, source, minute, in_flight, uncommitted from ledger_minute"
                    + " where in_flight <> 0 or uncommitted <> 0")
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
      addTotals(handle, step.added());
      showOpen(handle, step.open());
      RawPosition decided = step.to().decided();
      handle.execute(
          "update ledger_position set raw = ?, clean = ?, decided = ?, decided_upto = ?, loaded = ?, held = ?",
          step.to().raw().value(),
          step.to().clean().value(),
          decided == null ? -1 : decided.position().value(),
          decided == null ? -1 : decided.index(),
          step.to().loaded().value(),
          step.to().held().value());
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
              (project, source, minute, accepted, derived, loaded, quarantined, duplicate, dropped)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do update set accepted = accepted + excluded.accepted,
              derived = derived + excluded.derived, loaded = loaded + excluded.loaded,
              quarantined = quarantined + excluded.quarantined,
              duplicate = duplicate + excluded.duplicate, dropped = dropped + excluded.dropped
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
              count.duplicate,
              count.left()));
      batch.execute();
    }
  }

  private static void addTotals(Handle handle, Map<LedgerCount.Key, LedgerCount> added) {
    record Source(String project, String name) {}
    Map<Source, LedgerCount> sums = new HashMap<>();
    added.forEach((key, count) ->
        sums.computeIfAbsent(new Source(key.project(), key.source()), k -> new LedgerCount())
            .add(count));
    sums.forEach((source, count) ->
        handle.execute(
            """
            insert into ledger_total values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do update set accepted = accepted + excluded.accepted,
              derived = derived + excluded.derived, loaded = loaded + excluded.loaded,
              quarantined = quarantined + excluded.quarantined,
              duplicate = duplicate + excluded.duplicate, dropped = dropped + excluded.dropped
            """,
            source.project(),
            source.name(),
            count.accepted,
            count.derived,
            count.loaded,
            count.quarantined,
            count.duplicate,
            count.left()));
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
            insert into ledger_minute (project, source, minute, in_flight, uncommitted)
            values (?, ?, ?, ?, ?)
            on conflict do update
              set in_flight = excluded.in_flight, uncommitted = excluded.uncommitted
            """)) {
      open.forEach((key, n) ->
          batch.add(key.project(), key.source(), key.minute(), n.inFlight(), n.uncommitted()));
      batch.execute();
    }
  }

  /** The rows that do not balance, of all projects and times. */
  Set<LedgerCount.Key> unbalanced() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select project, source, minute from ledger_minute where " + LedgerQueries.OUT)
            .map((row, context) ->
                new LedgerCount.Key(row.getString(1), row.getString(2), row.getLong(3)))
            .set());
  }
}
