package weir.query.duckdb;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.ProjectProperties;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.sidecar.Sidecar;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.QueryStats;
import weir.query.hottail.PinnedTail;
import weir.query.hottail.TailTables;
import weir.query.session.DuckSession;
import weir.query.session.ReadsTogether;
import weir.query.sql.ParquetSql;
import weir.query.tables.FileCatalog;
import weir.query.tables.IdentityTable;
import weir.query.tables.Scans;
import weir.query.tables.TableFacts;
import weir.query.tables.TableSql;

/** The events of one snapshot and one pinned tail, read by DuckDB in chunks of columns. */
final class DuckEventView implements EventView {
  private static final long ROWS_WORTH_A_THREAD = 250_000;

  private final DuckSession session;
  private final LakeTable table;
  private final List<TailTables.Slice> slices;
  private final TableSql sql;
  private final FileCatalog catalog;
  private final IdentityTable identities;
  private final ProjectProperties properties;
  private final Merges merges;
  private final BigDecimal pricePerTerabyte;
  private final int threads;
  private final ReadsTogether together;
  private final Runnable onClose;
  private final Map<Path, LakeFile> files = new HashMap<>();
  private final Map<Object, TailTables.Slice> generations = new HashMap<>();

  private @Nullable TableFacts facts;

  private record Merges(IdentityTable table, int removals) {}

  DuckEventView(
      DuckSession session,
      LakeSnapshot snapshot,
      PinnedTail tail,
      FileCatalog catalog,
      IdentityTable identities,
      BigDecimal pricePerTerabyte,
      int threads,
      Executor helpers,
      Runnable onClose)
      throws QueryException {
    this.session = session;
    this.table = snapshot.events();
    this.slices = tail.events();
    this.sql = new TableSql(table.columns(), slices);
    this.catalog = catalog;
    this.identities = identities;
    this.pricePerTerabyte = pricePerTerabyte;
    this.threads = threads;
    this.together = new ReadsTogether(session, helpers);
    this.onClose = onClose;
    this.properties = catalog.properties();
    catalog.keepOnly(snapshot);
    identities.seenBy(session, table, slices, properties).update();
    this.merges = new Merges(identities, identities.removals());
    table.files().forEach(file -> files.put(file.path(), file));
    slices.forEach(slice -> generations.put(slice.generation(), slice));
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (LakeFile file : table.files()) {
      parts.add(new Part(file.path(), 0, 0, file.rows(), Optional.of(file.day())));
    }
    for (TailTables.Slice slice : slices) {
      int rows = slice.to() - slice.from();
      parts.add(new Part(slice.generation(), slice.from(), slice.to(), rows, Optional.empty()));
    }
    return parts;
  }

  @Override
  public long rows() {
    return table.rows() + slices.stream().mapToLong(slice -> slice.to() - slice.from()).sum();
  }

  @Override
  public Set<String> events() throws QueryException {
    Set<String> names = PinnedTail.names(slices);
    names.addAll(facts().events());
    return names;
  }

  @Override
  public boolean mayHave(Part part, String event) throws QueryException {
    TailTables.Slice slice = generations.get(part.source());
    if (slice != null) {
      return slice.generation().properties().containsKey(event);
    }
    LakeFile file = part.source() instanceof Path path ? files.get(path) : null;
    return file != null && facts().events(file).contains(event);
  }

  @Override
  public Set<String> meeting(Collection<String> events, String condition) throws QueryException {
    String names =
        events.stream()
            .map(event -> "(" + ParquetSql.text(event) + ")")
            .collect(Collectors.joining(", ", "(VALUES ", ") AS names(event)"));
    Set<String> meeting = new HashSet<>();
    String statement = "SELECT event FROM " + names + " WHERE " + condition;
    together.run(
        List.of(
            new ReadsTogether.Read(
                statement,
                chunk -> {
                  for (int row = 0; row < chunk.rows(); row++) {
                    meeting.add(chunk.text(0, row));
                  }
                })));
    return meeting;
  }

  @Override
  public Optional<Sidecar> sidecar(Part part) throws QueryException {
    LakeFile file = part.source() instanceof Path path ? files.get(path) : null;
    return file == null ? Optional.empty() : catalog.sidecar(session, file);
  }

  private TableFacts facts() throws QueryException {
    TableFacts known = facts;
    if (known == null) {
      known = catalog.facts(session, table);
      facts = known;
    }
    return known;
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
  public ProjectProperties properties() {
    return properties;
  }

  @Override
  public QueryStats stats(Set<String> columns) throws QueryException {
    Scans scans = new Scans();
    scans.add(table.files(), sql.read(columns, true));
    Stream<Instant> inMemory =
        slices.stream().map(slice -> EpochMicros.instant(slice.generation().newest()));
    Optional<Instant> freshTo =
        Stream.concat(facts().newest().stream(), inMemory).max(Comparator.naturalOrder());
    return new QueryStats(scans.bytes(), scans.files(), freshTo, Optional.empty())
        .at(pricePerTerabyte);
  }

  @Override
  public void read(
      List<Part> parts,
      Set<String> columns,
      List<String> select,
      String where,
      Supplier<? extends ChunkHandler> takers)
      throws QueryException {
    Places places = places(parts);
    List<LakeFile> inFiles = places.files();
    List<ReadsTogether.Read> reads = new ArrayList<>();
    int from = 0;
    for (int to : ends(inFiles)) {
      List<TailTables.Slice> also = reads.isEmpty() ? places.slices() : List.of();
      String statement =
          statement(inFiles.subList(from, to), from, also, inFiles.size(), columns, select, where);
      reads.add(new ReadsTogether.Read(statement, takers.get()));
      from = to;
    }
    together.run(reads);
  }

  @Override
  public void addUp(
      List<Part> parts,
      Set<String> columns,
      List<String> keys,
      String value,
      String where,
      ChunkHandler sums)
      throws QueryException {
    Places places = places(parts);
    List<String> select = new ArrayList<>();
    StringBuilder groups = new StringBuilder();
    for (int i = 0; i < keys.size(); i++) {
      select.add(keys.get(i) + " AS key" + i);
      groups.append(", key").append(i);
    }
    select.add(value + " AS value");
    String rows =
        statement(
            places.files(), 0, places.slices(), places.files().size(), columns, select, where);
    String statement =
        "SELECT part"
            + groups
            + ", count(*), count(value), sum(value), min(value), max(value) FROM ("
            + rows
            + ") GROUP BY part"
            + groups;
    together.run(List.of(new ReadsTogether.Read(statement, sums)));
  }

  /** Where the rows of some parts are. */
  private record Places(List<LakeFile> files, List<TailTables.Slice> slices) {}

  private Places places(List<Part> parts) {
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
    return new Places(inFiles, inMemory);
  }

  /** Where each of some shares of files ends, which are read side by side. */
  private List<Integer> ends(List<LakeFile> inFiles) {
    long all = inFiles.stream().mapToLong(LakeFile::rows).sum();
    long shares = Math.clamp(all / ROWS_WORTH_A_THREAD, 1, threads);
    List<Integer> ends = new ArrayList<>();
    long rows = 0;
    for (int i = 0; i < inFiles.size() - 1 && ends.size() < shares - 1; i++) {
      rows += inFiles.get(i).rows();
      if (rows * shares >= all * (ends.size() + 1)) {
        ends.add(i + 1);
      }
    }
    ends.add(inFiles.size());
    return ends;
  }

  private String statement(
      List<LakeFile> inFiles,
      int firstFile,
      List<TailTables.Slice> inMemory,
      int firstSlice,
      Set<String> columns,
      List<String> select,
      String where) {
    List<String> statements =
        new TableSql(table.columns(), inMemory, sql.columns()).numbered(inFiles, columns);
    int slicesFrom = inFiles.isEmpty() ? 0 : 1;
    List<String> selects = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      String part =
          i < slicesFrom ? "file_index + " + firstFile : "" + (firstSlice + i - slicesFrom);
      selects.add(
          "SELECT "
              + String.join(", ", select)
              + ", CAST("
              + part
              + " AS BIGINT) AS part, row_number FROM ("
              + statements.get(i)
              + ")"
              + (where.isEmpty() ? "" : " WHERE " + where));
    }
    return String.join(" UNION ALL ", selects);
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
    String statement =
        "SELECT CAST(hash(actor) >> 1 AS BIGINT), CAST(hash(person_id) >> 1 AS BIGINT), version"
            + " FROM "
            + IdentityTable.NAME
            + " WHERE version > "
            + since
            + " ORDER BY version";
    together.run(List.of(new ReadsTogether.Read(statement, rows)));
  }

  @Override
  public void close() {
    onClose.run();
  }
}
