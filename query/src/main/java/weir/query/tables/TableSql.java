package weir.query.tables;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.query.EventView;
import weir.query.hottail.TailTables;
import weir.query.sql.ParquetSql;

/** SQL for a table of which some rows are in files and some in memory. */
public final class TableSql {
  private final List<LakeColumn> lakeColumns;
  private final List<TailTables.Slice> slices;
  private final Map<String, ColumnType> columns = new LinkedHashMap<>();

  /**
   * Describes a table. Its columns are those of the lake, then those that only slices have.
   *
   * @param lakeColumns what the lake's table has by now
   */
  public TableSql(List<LakeColumn> lakeColumns, List<TailTables.Slice> slices) {
    this(lakeColumns, slices, Map.of());
  }

  /**
   * Describes some of the rows of a table.
   *
   * @param all the columns that the whole table has
   */
  public TableSql(
      List<LakeColumn> lakeColumns, List<TailTables.Slice> slices, Map<String, ColumnType> all) {
    this.lakeColumns = lakeColumns;
    this.slices = slices;
    lakeColumns.forEach(column -> columns.put(column.name(), column.type()));
    all.forEach(columns::putIfAbsent);
    slices.forEach(slice -> slice.columns().forEach(columns::putIfAbsent));
  }

  public Map<String, ColumnType> columns() {
    return columns;
  }

  /**
   * All rows.
   *
   * @param names of the columns
   */
  String select(List<LakeFile> files, Set<String> names) {
    return union(parts(files, slices, names, "", false), names);
  }

  /**
   * The rows of some events.
   *
   * @param names of the columns
   */
  String select(List<LakeFile> files, Set<String> names, Set<String> events) {
    List<TailTables.Slice> some =
        slices.stream()
            .filter(slice -> events.stream().anyMatch(slice.generation().properties()::containsKey))
            .toList();
    return union(parts(files, some, names, EventView.among(events), false), names);
  }

  private String union(List<String> parts, Set<String> names) {
    return parts.isEmpty()
        ? part(names, name -> null, "(SELECT 1)") + " WHERE false"
        : String.join(" UNION ALL ", parts);
  }

  /**
   * A statement for the rows of all files, unless there are none, then one for each slice. Rows
   * have their {@code row_number} in file or slice too, those of files also the {@code file_index}.
   */
  public List<String> numbered(List<LakeFile> files, Set<String> names) {
    return parts(files, slices, names, "", true);
  }

  private List<String> parts(
      List<LakeFile> files,
      List<TailTables.Slice> some,
      Set<String> names,
      String condition,
      boolean numbered) {
    String inFile = numbered ? ", file_index, file_row_number AS row_number" : "";
    String inSlice = numbered ? ", " + TailTables.ROW + " AS row_number" : "";
    List<String> parts = new ArrayList<>();
    if (!files.isEmpty()) {
      Map<String, ColumnType> have =
          lakeColumns.stream().collect(Collectors.toMap(LakeColumn::name, LakeColumn::type));
      parts.add(
          part(names, have::get, ParquetSql.read(read(names, !condition.isEmpty()), files), inFile)
              + (condition.isEmpty() ? "" : " WHERE " + condition));
    }
    for (TailTables.Slice slice : some) {
      parts.add(
          part(names, slice.columns()::get, slice.table(), inSlice)
              + " WHERE "
              + TailTables.ROW
              + " >= "
              + slice.from()
              + " AND "
              + TailTables.ROW
              + " < "
              + slice.to()
              + (condition.isEmpty() ? "" : " AND " + condition));
    }
    return parts;
  }

  /**
   * The columns that are read from files.
   *
   * @param names those asked for
   * @param byEvent whether rows are chosen by the names of events
   */
  public List<LakeColumn> read(Set<String> names, boolean byEvent) {
    List<LakeColumn> read =
        lakeColumns.stream()
            .filter(column ->
                names.contains(column.name())
                    || (byEvent && column.name().equals(EventColumn.EVENT.columnName())))
            .toList();
    return read.isEmpty() ? lakeColumns.subList(0, 1) : read;
  }

  private String part(
      Set<String> names, Function<String, @Nullable ColumnType> have, String source) {
    return part(names, have, source, "");
  }

  /** A column that the source lacks, or has with another type, is null. */
  private String part(
      Set<String> names, Function<String, @Nullable ColumnType> have, String source, String more) {
    StringBuilder select = new StringBuilder("SELECT ");
    for (Map.Entry<String, ColumnType> column : columns.entrySet()) {
      if (!names.contains(column.getKey())) {
        continue;
      }
      String name = ParquetSql.name(column.getKey());
      select.append(select.length() > 7 ? ", " : "");
      if (have.apply(column.getKey()) == column.getValue()) {
        select.append(name);
      } else {
        select
            .append("CAST(NULL AS ")
            .append(ParquetSql.type(column.getValue()))
            .append(") AS ")
            .append(name);
      }
    }
    return select.append(more).append(" FROM ").append(source).toString();
  }
}
