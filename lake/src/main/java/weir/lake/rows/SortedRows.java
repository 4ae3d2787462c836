package weir.lake.rows;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import weir.event.ColumnType;
import weir.lake.LakeColumn;
import weir.lake.catalog.TableLayout;

/**
 * DuckDB SQL for the rows of some files in the order of their table.
 *
 * @param columns that the files have
 * @param distinct whether the rows in the table {@code duplicates} are left out, given by file and
 *     number
 */
public record SortedRows(
    TableLayout layout, List<LakeColumn> columns, List<Path> paths, boolean distinct) {
  /** The column of a relation with places that names the file. */
  public static final String FILE = "weir file";

  /** The column of a relation with places that has the row's number in its file, from 0. */
  public static final String NUMBER = "file_row_number";

  /** All rows, sorted. */
  public String select() {
    return "SELECT " + names() + " FROM " + rows(columns, distinct) + order();
  }

  /** The places of all rows, sorted: file, number. */
  public String places() {
    List<LakeColumn> keys = keys();
    return "SELECT r."
        + quoted(FILE)
        + " AS file, r."
        + NUMBER
        + " AS number FROM "
        + rows(keys, true)
        + order();
  }

  /** The names of all columns, for a SELECT. */
  public String names() {
    return columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "));
  }

  private String rows(List<LakeColumn> read, boolean places) {
    return relation(read, paths, places)
        + " r"
        + (distinct
            ? " ANTI JOIN duplicates d ON r."
                + quoted(FILE)
                + " = d.file AND r."
                + NUMBER
                + " = d.number"
            : "");
  }

  /** The columns that the order is by, as far as the files have them. */
  public List<LakeColumn> keys() {
    return columns.stream().filter(c -> layout.order().contains(c.name())).toList();
  }

  private String order() {
    return " ORDER BY "
        + layout.order().stream()
            .filter(key -> columns.stream().anyMatch(c -> c.name().equals(key)))
            .map(key -> quoted(key) + " ASC NULLS FIRST")
            .collect(Collectors.joining(", "));
  }

  /**
   * A table expression.
   *
   * @param places whether it has the columns {@link #FILE} and {@link #NUMBER}
   */
  public static String relation(List<LakeColumn> columns, List<Path> paths, boolean places) {
    return "read_parquet("
        + list(paths)
        + ", schema = map {"
        + columns.stream()
            .map(c ->
                c.fieldId()
                    + ": {name: "
                    + text(c.name())
                    + ", type: '"
                    + sqlType(c.type())
                    + "', default_value: NULL}")
            .collect(Collectors.joining(", "))
        + "}"
        + (places ? ", filename = " + text(FILE) + ", " + NUMBER + " = true" : "")
        + ")";
  }

  /** A list of file names. */
  public static String list(List<Path> paths) {
    return paths.stream()
        .map(path -> text(path.toString()))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  public static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String quoted(String name) {
    return ParquetEngine.quoted(name);
  }

  private static String sqlType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case STRING -> "VARCHAR";
      case TIMESTAMP -> "TIMESTAMPTZ";
    };
  }
}
