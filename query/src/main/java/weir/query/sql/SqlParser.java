package weir.query.sql;

import java.sql.SQLException;

/** The engine's own parser. */
@FunctionalInterface
public interface SqlParser {
  /**
   * The tree of a statement as the engine's json_serialize_sql gives it. Recurses over the
   * statement: call it on a thread with a deep stack.
   *
   * @throws SQLException if the engine could not be asked; a wrong statement is a tree that says so
   */
  String parse(String sql) throws SQLException;
}
