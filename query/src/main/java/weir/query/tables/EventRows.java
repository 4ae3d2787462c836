package weir.query.tables;

import java.util.Map;
import java.util.Set;
import weir.event.ColumnType;
import weir.query.QueryException;

/** The rows of {@code events} that one statement may see. Used by one thread. */
interface EventRows {
  /** The columns, in order. */
  Map<String, ColumnType> columns();

  /**
   * SQL for all rows.
   *
   * @param names of the columns
   */
  String select(Set<String> names) throws QueryException;

  /**
   * SQL for the rows of some events.
   *
   * @param names of the columns
   */
  String select(Set<String> names, Set<String> events) throws QueryException;
}
