package weir.query.sql;

import java.util.List;
import java.util.stream.Collectors;
import weir.event.ColumnType;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;

/** DuckDB SQL for the files of a lake table. */
public final class ParquetSql {
  private ParquetSql() {}

  /** A string literal, or an expression that is the same: the parser ends at a U+0000. */
  public static String text(String value) {
    String quoted = "'" + value.replace("'", "''") + "'";
    return value.indexOf('\0') < 0 ? quoted : "(" + quoted.replace("\0", "' || chr(0) || '") + ")";
  }

  /** A quoted name. */
  public static String name(String value) {
    return "\"" + value.replace("\"", "\"\"") + "\"";
  }

  public static String type(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case STRING -> "VARCHAR";
      case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
    };
  }

  /**
   * A table expression with the columns and a column {@code filename}; columns are found by field
   * id and null where a file is older than they are.
   *
   * @param columns at least one
   * @param files at least one
   */
  public static String read(List<LakeColumn> columns, List<LakeFile> files) {
    return "read_parquet(["
        + files.stream().map(file -> text(file.path().toString())).collect(Collectors.joining(","))
        + "], filename = true, schema = map {"
        + columns.stream().map(ParquetSql::entry).collect(Collectors.joining(","))
        + "})";
  }

  private static String entry(LakeColumn column) {
    return entry(column.fieldId(), column.name(), type(column.type()));
  }

  /** A column of a schema that is read by field id. */
  public static String entry(int fieldId, String name, String type) {
    return fieldId + ": {name: " + text(name) + ", type: " + text(type) + ", default_value: NULL}";
  }
}
