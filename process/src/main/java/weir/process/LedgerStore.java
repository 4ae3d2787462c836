package weir.process;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import weir.event.RawPosition;

/** The ledger in its database: what is written together is there together. */
final class LedgerStore {
  private final Jdbi jdbi;

  /**
   * Where the counting stands.
   *
   * @param raw accepted is counted up to here
   * @param clean decisions are counted up to here
   * @param decided the raw event of the last of them
   * @param rawFrom the oldest raw entry in flight
   * @param cleanFrom the oldest clean frame in flight
   */
  record Cut(long raw, long clean, @Nullable RawPosition decided, long rawFrom, long cleanFrom) {
    static final Cut BEGINNING = new Cut(0, 0, null, 0, 0);
  }

  /** A table of a project. */
  record Table(String project, LakeTable table) {}

  LedgerStore(LedgerDatabase database) {
    this.jdbi = database.jdbi();
  }

  Optional<Cut> cut() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM ledger_position")
            .map((row, context) -> {
              long decided = row.getLong("decided");
              return new Cut(
                  row.getLong("raw"),
                  row.getLong("clean"),
                  row.wasNull() ? null : new RawPosition(decided, row.getInt("decided_index")),
                  row.getLong("raw_from"),
                  row.getLong("clean_from"));
            })
            .findOne());
  }

  Map<Table, Long> loadedUpTo() {
    Map<Table, Long> loaded = new HashMap<>();
    jdbi.useHandle(handle ->
        handle
            .createQuery("SELECT project, \"table\", position FROM ledger_loaded")
            .map((row, context) ->
                loaded.put(new Table(row.getString(1), table(row.getString(2))), row.getLong(3)))
            .list());
    return loaded;
  }

  private static LakeTable table(String name) {
    for (LakeTable table : LakeTable.values()) {
      if (table.tableName().equals(name)) {
        return table;
      }
    }
    throw new IllegalArgumentException("no table of the lake: " + name);
  }

  /** A row as it was last written; a new one if it never was. */
  LedgerCounts counts(LedgerCounts.Key key) {
    return jdbi.withHandle(handle ->
        select(handle, key.project(), key.minute(), key.minute() + 1).stream()
            .filter(counts -> counts.key.equals(key))
            .findFirst()
            .orElseGet(() -> new LedgerCounts(key)));
  }

  /** A project's rows as they were last written, from a minute to before another. */
  List<LedgerCounts> counts(String project, long from, long to) {
    return jdbi.withHandle(handle -> select(handle, project, from, to));
  }

  private static List<LedgerCounts> select(Handle handle, String project, long from, long to) {
    Map<Long, LedgerCounts> rows = new HashMap<>();
    handle
        .createQuery("SELECT * FROM ledger_counts WHERE project = ? AND minute >= ? AND minute < ?")
        .bind(0, project)
        .bind(1, from)
        .bind(2, to)
        .map((row, context) -> {
          LedgerCounts counts =
              new LedgerCounts(
                  new LedgerCounts.Key(
                      row.getString("project"), row.getLong("minute"), row.getString("source")));
          counts.id = row.getLong("id");
          counts.accepted = row.getLong("accepted");
          counts.derived = row.getLong("derived");
          counts.loaded = row.getLong("loaded");
          counts.quarantined = row.getLong("quarantined");
          counts.duplicate = row.getLong("duplicate");
          counts.inFlightRaw = row.getLong("in_flight_raw");
          counts.inFlightEvents = row.getLong("in_flight_events");
          counts.inFlightBad = row.getLong("in_flight_bad");
          return counts;
        })
        .forEach(counts -> rows.put(counts.id, counts));
    handle
        .createQuery(
            """
            SELECT row, reason, dropped FROM ledger_dropped
            JOIN ledger_counts ON ledger_counts.id = row
            WHERE project = ? AND minute >= ? AND minute < ?\
            """)
        .bind(0, project)
        .bind(1, from)
        .bind(2, to)
        .map((row, context) -> new Dropped(row.getLong(1), row.getString(2), row.getLong(3)))
        .forEach(dropped -> {
          LedgerCounts counts = rows.get(dropped.row);
          if (counts != null) {
            counts.dropped.put(dropped.reason, dropped.dropped);
          }
        });
    return List.copyOf(rows.values());
  }

  private record Dropped(long row, String reason, long dropped) {}

  /** The sum of all rows' imbalances, each without its sign. */
  long imbalance() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                SELECT coalesce(sum(abs(
                  accepted + derived - loaded - quarantined - duplicate - dropped_total - in_flight
                )), 0) FROM ledger\
                """)
            .mapTo(Long.class)
            .one());
  }

  /** Writes changed rows and where the counting stands, all or nothing. */
  void write(Collection<LedgerCounts> changed, Cut cut, Map<Table, Long> loadedUpTo) {
    jdbi.useTransaction(handle -> {
      for (LedgerCounts counts : changed) {
        write(handle, counts);
      }
      RawPosition decided = cut.decided();
      handle.execute(
          """
          INSERT OR REPLACE INTO ledger_position
            (id, raw, clean, decided, decided_index, raw_from, clean_from)
          VALUES (1, ?, ?, ?, ?, ?, ?)\
          """,
          cut.raw(),
          cut.clean(),
          decided == null ? null : decided.position(),
          decided == null ? null : decided.index(),
          cut.rawFrom(),
          cut.cleanFrom());
      loadedUpTo.forEach((table, position) ->
          handle.execute(
              """
              INSERT OR REPLACE INTO ledger_loaded (project, "table", position)
              VALUES (?, ?, ?)\
              """,
              table.project(),
              table.table().tableName(),
              position));
    });
  }

  private static void write(Handle handle, LedgerCounts counts) {
    counts.id =
        handle
            .createQuery(
                """
                INSERT INTO ledger_counts (project, minute, source, accepted, derived, loaded,
                  quarantined, duplicate, in_flight_raw, in_flight_events, in_flight_bad)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (project, minute, source) DO UPDATE SET
                  accepted = excluded.accepted, derived = excluded.derived,
                  loaded = excluded.loaded, quarantined = excluded.quarantined,
                  duplicate = excluded.duplicate, in_flight_raw = excluded.in_flight_raw,
                  in_flight_events = excluded.in_flight_events,
                  in_flight_bad = excluded.in_flight_bad
                RETURNING id\
                """)
            .bind(0, counts.key.project())
            .bind(1, counts.key.minute())
            .bind(2, counts.key.source())
            .bind(3, counts.accepted)
            .bind(4, counts.derived)
            .bind(5, counts.loaded)
            .bind(6, counts.quarantined)
            .bind(7, counts.duplicate)
            .bind(8, counts.inFlightRaw)
            .bind(9, counts.inFlightEvents)
            .bind(10, counts.inFlightBad)
            .mapTo(Long.class)
            .one();
    counts.dropped.forEach((reason, dropped) ->
        handle.execute(
            "INSERT OR REPLACE INTO ledger_dropped (row, reason, dropped) VALUES (?, ?, ?)",
            counts.id,
            reason,
            dropped));
  }
}
