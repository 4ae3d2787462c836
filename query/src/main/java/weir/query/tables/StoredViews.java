package weir.query.tables;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.StoredColumn;
import weir.lake.StoredTable;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.sql.ParquetSql;

/** The tables that users store, as one statement sees them. */
public final class StoredViews {
  private final LakeSnapshot.Stored stored;
  private final Scans scans;

  /**
   * @param scans is told what is read
   */
  StoredViews(LakeSnapshot.Stored stored, Scans scans) {
    this.stored = stored;
    this.scans = scans;
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T reading(Reading<T> reading) throws QueryException {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new QueryException(QueryError.UNAVAILABLE, "the lake cannot be read now", e);
    }
  }

  /** A table; empty if there is none of this name. */
  public static Optional<StoredTable> find(LakeSnapshot.Stored stored, String name)
      throws QueryException {
    return reading(() -> stored.find(name));
  }

  /** The names that are taken. */
  Set<String> names() throws QueryException {
    return reading(stored::names);
  }

  /** The statement of a table; empty if there is none of this name. */
  Optional<String> select(String name) throws QueryException {
    Optional<StoredTable> table = find(stored, name);
    table.ifPresent(found -> scans.add(found.files(), List.of()));
    return table.map(StoredViews::select);
  }

  private static String select(StoredTable table) {
    if (table.files().isEmpty()) {
      return table.columns().stream()
          .map(column -> "CAST(NULL AS " + column.type() + ") AS " + ParquetSql.name(column.name()))
          .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }
    String names =
        table.columns().stream()
            .map(column -> ParquetSql.name(column.name()))
            .collect(Collectors.joining(", "));
    String files =
        table.files().stream()
            .map(LakeFile::path)
            .map(path -> ParquetSql.text(path.toString()))
            .collect(Collectors.joining(","));
    String schema =
        table.columns().stream().map(StoredViews::entry).collect(Collectors.joining(","));
    return "SELECT " + names + " FROM read_parquet([" + files + "], schema = map {" + schema + "})";
  }

  private static String entry(StoredColumn column) {
    return ParquetSql.entry(column.fieldId(), column.name(), column.type());
  }

  /** All tables, and their columns with the engine's types. */
  Map<String, Map<String, String>> tables() throws QueryException {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    for (StoredTable table : reading(stored::all)) {
      Map<String, String> columns = new LinkedHashMap<>();
      table.columns().forEach(column -> columns.put(column.name(), column.type()));
      tables.put(table.name(), columns);
    }
    return tables;
  }
}
