package weir.query;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBPreparedStatement;
import weir.event.ColumnType;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;

/** The events of one snapshot and one pinned tail, read by DuckDB in chunks of columns. */
final class DuckEventView implements EventView {
  private final DuckSession session;
  private final LakeTable table;
  private final List<TailTables.Slice> slices;
  private final TableSql sql;
  private final FileCatalog catalog;
  private final IdentityTable identities;
  private final Merges merges;
  private final BigDecimal pricePerTerabyte;
  private final Runnable onClose;
  private final Map<Path, LakeFile> files = new HashMap<>();
  private final Map<Object, TailTables.Slice> generations = new HashMap<>();

  private record Merges(IdentityTable table, int removals) {}

  DuckEventView(
      DuckSession session,
      LakeSnapshot snapshot,
      PinnedTail tail,
      FileCatalog catalog,
      IdentityTable identities,
      BigDecimal pricePerTerabyte,
      Runnable onClose)
      throws QueryException {
    this.session = session;
    this.table = snapshot.events();
    this.slices = tail.events();
    this.sql = new TableSql(table.columns(), slices);
    this.catalog = catalog;
    this.identities = identities;
    this.pricePerTerabyte = pricePerTerabyte;
    this.onClose = onClose;
    catalog.keepOnly(snapshot);
    identities.seenBy(session, table, slices).update();
    this.merges = new Merges(identities, identities.removals());
    table.files().forEach(file -> files.put(file.path(), file));
    slices.forEach(slice -> generations.put(slice.generation(), slice));
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    table.files().forEach(file -> parts.add(new Part(file.path(), 0, 0, Optional.of(file.day()))));
    slices.forEach(slice ->
        parts.add(new Part(slice.generation(), slice.from(), slice.to(), Optional.empty())));
    return parts;
  }

  @Override
  public long rows() {
    return table.rows() + slices.stream().mapToLong(slice -> slice.to() - slice.from()).sum();
  }

  @Override
  public Optional<Column> column(String name) {
    ColumnType type = sql.columns().get(name);
    if (type == null) {
      return Optional.empty();
    }
    String id =
        table.columns().stream()
            .filter(column -> column.name().equals(name))
            .findFirst()
            .map(LakeColumn::fieldId)
            .map(Object::toString)
            .orElse("");
    return Optional.of(new Column(ParquetSql.type(type), id));
  }

  @Override
  public QueryStats stats(Set<String> columns) throws QueryException {
    Scans scans = new Scans();
    scans.add(table.files(), sql.read(columns, true));
    Stream<Instant> inMemory =
        slices.stream()
            .map(slice -> Instant.EPOCH.plus(slice.generation().newest(), ChronoUnit.MICROS));
    Optional<Instant> freshTo =
        Stream.concat(catalog.facts(session, table).newest().stream(), inMemory)
            .max(Comparator.naturalOrder());
    return new QueryStats(scans.bytes(), scans.files(), freshTo, Optional.empty())
        .at(pricePerTerabyte);
  }

  @Override
  public void read(
      List<Part> parts, Set<String> columns, List<String> select, String where, ChunkHandler rows)
      throws QueryException {
    List<LakeFile> inFiles = new ArrayList<>();
    List<TailTables.Slice> inMemory = new ArrayList<>();
    for (Part part : parts) {
      LakeFile file = part.source() instanceof Path path ? files.get(path) : null;
      TailTables.Slice slice = generations.get(part.source());
      if (file != null && inMemory.isEmpty()) {
        inFiles.add(file);
      } else if (slice != null) {
        inMemory.add(
            new TailTables.Slice(
                slice.generation(), slice.table(), slice.columns(), part.from(), part.to()));
      } else {
        throw new IllegalArgumentException("not in this view, or in another order: " + part);
      }
    }
    List<String> statements =
        new TableSql(table.columns(), inMemory, sql.columns())
            .parts(inFiles, columns, ", file_index");
    int firstSlice = inFiles.isEmpty() ? 0 : 1;
    List<String> selects = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      selects.add(
          "SELECT "
              + join(select.stream())
              + ", CAST("
              + (i < firstSlice ? "file_index" : Integer.toString(inFiles.size() + i - firstSlice))
              + " AS BIGINT) FROM ("
              + statements.get(i)
              + ")"
              + (where.isEmpty() ? "" : " WHERE " + where));
    }
    if (!selects.isEmpty()) {
      run(String.join(" UNION ALL ", selects), rows);
    }
  }

  private static String join(Stream<String> expressions) {
    return expressions.collect(Collectors.joining(", "));
  }

  /** A failure is not one of the instance's: expressions come from users. */
  private void run(String statement, ChunkHandler rows) throws QueryException {
    try (DuckDBPreparedStatement prepared = (DuckDBPreparedStatement) session.prepare(statement);
        DuckDBChunkedResult result = prepared.query()) {
      while (result.nextChunk()) {
        session.deadline().check();
        rows.chunk(new RowChunk(result.chunk()));
      }
      ChunkedErrors.check(result);
    } catch (SQLException e) {
      throw DuckErrors.translate(e, session.deadline(), Optional.empty());
    }
  }

  @Override
  public Object merges() {
    return merges;
  }

  @Override
  public long mergeVersion() {
    return identities.version();
  }

  @Override
  public void readMerges(long since, ChunkHandler rows) throws QueryException {
    run(
        "SELECT CAST(hash(actor) >> 1 AS BIGINT), CAST(hash(person_id) >> 1 AS BIGINT), version"
            + " FROM "
            + IdentityTable.NAME
            + " WHERE version > "
            + since
            + " ORDER BY version",
        rows);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
