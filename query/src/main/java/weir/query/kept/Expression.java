package weir.query.kept;

import java.util.Set;

/**
 * Something in SQL about one event. It names neither {@code person_id} nor other events, so that
 * what it says of an event never changes.
 *
 * @param kind what it gives
 * @param columns all that it names
 * @param columnIds other ones for other columns of these names
 */
public record Expression(String sql, Kind kind, Set<String> columns, String columnIds) {
  /** What an expression gives. */
  public enum Kind {
    /** Whether the event is meant. */
    CONDITION,
    TEXT,
    REAL,
    FLAG
  }

  public Expression {
    columns = Set.copyOf(columns);
  }

  /** SQL for the value as text, double or 64-bit number. */
  String valueSql() {
    return switch (kind) {
      case REAL -> "CAST(" + sql + " AS DOUBLE)";
      case FLAG -> "CAST(CAST(" + sql + " AS INTEGER) AS BIGINT)";
      case TEXT, CONDITION -> sql;
    };
  }
}
