package weir.query.sql;

import weir.event.ColumnType;
import weir.event.EventColumn;

/** SQL for values of properties that lie in the JSON of {@code properties}. */
public final class PropertySql {
  public static final String JSON = EventColumn.PROPERTIES.columnName();

  private PropertySql() {}

  private static String pointer(String name) {
    return ParquetSql.text("/" + name.replace("~", "~0").replace("/", "~1"));
  }

  /** A value as text, null where there is none or where the text is no JSON. */
  public static String text(String name) {
    return "TRY(json_extract_string(" + JSON + ", " + pointer(name) + "))";
  }

  /** The type of a value in JSON. */
  public static String type(String name) {
    return "TRY(json_type(" + JSON + ", " + pointer(name) + "))";
  }

  /** A text as a number; null where it is none, as NaN and infinities are. */
  static String number(String text) {
    String number = "TRY_CAST(" + text + " AS DOUBLE)";
    return "CASE WHEN isfinite(" + number + ") THEN " + number + " END";
  }

  /**
   * A property's value as its column's type: from the column, else from JSON, as far as it can be
   * told as such.
   */
  public static String merged(String column, ColumnType type, String name) {
    String text = text(name);
    String other =
        switch (type) {
          case STRING -> text;
          case DOUBLE -> number(text);
          case BOOLEAN -> "CASE " + text + " WHEN 'true' THEN true WHEN 'false' THEN false END";
          case INTEGER, LONG, TIMESTAMP ->
              "TRY_CAST(" + text + " AS " + ParquetSql.type(type) + ")";
        };
    return "coalesce(" + ParquetSql.name(column) + ", " + other + ")";
  }
}
