package weir.query.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;

/**
 * Brings what was made for a statement, its temporary tables, views and macros, into an instance
 * that has nothing else and can open nothing.
 */
final class SealedCopy {
  private SealedCopy() {}

  /**
   * Copies, and locks the new instance.
   *
   * @param made where the tables are, whose instance may write to its folder
   * @param into an instance that is not locked yet
   * @param reach of the new instance
   * @return the session that has all of it; closed if this fails
   */
  static DuckSession of(DuckSession made, Path folder, ProjectDatabase into, Reach reach)
      throws QueryException {
    DuckSession session = null;
    try {
      session = new DuckSession(into.connect(), made.deadline());
      copy(made, folder, session);
      into.lock(reach);
      for (String definition : made.definitions()) {
        session.execute(definition);
      }
      return session;
    } catch (SQLException | IOException e) {
      close(session);
      made.deadline().check();
      throw new QueryException(
          QueryError.INTERNAL, "the rows cannot be set apart; the log says why", e);
    } catch (QueryException | RuntimeException e) {
      close(session);
      throw e;
    }
  }

  private static void close(@Nullable DuckSession session) {
    if (session != null) {
      session.close();
    }
  }

  private record Table(String definition, boolean isEmpty) {}

  private static void copy(DuckSession made, Path folder, DuckSession session)
      throws QueryException, IOException {
    Map<String, Table> tables = new LinkedHashMap<>();
    made.query(
        "SELECT table_name, sql, estimated_size FROM duckdb_tables()"
            + " WHERE database_name = 'temp' AND NOT internal ORDER BY table_oid",
        row -> tables.put(row.getString(1), new Table(row.getString(2), row.getLong(3) == 0)));
    // a view may have been made from what another table held
    String definitions = String.join("\n", made.definitions());
    tables.keySet().removeIf(name -> !definitions.contains(name));
    for (Map.Entry<String, Table> table : tables.entrySet()) {
      session.execute(table.getValue().definition());
      if (!table.getValue().isEmpty()) {
        copyRows(made, folder, session, "temp.main." + ParquetSql.name(table.getKey()));
      }
    }
  }

  private static void copyRows(DuckSession made, Path folder, DuckSession session, String table)
      throws QueryException, IOException {
    Path file = Files.createDirectories(folder).resolve(UUID.randomUUID() + ".parquet");
    String text = ParquetSql.text(file.toString());
    try {
      made.execute("COPY " + table + " TO " + text + " (FORMAT parquet, COMPRESSION uncompressed)");
      session.execute("INSERT INTO " + table + " SELECT * FROM read_parquet(" + text + ")");
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
