package weir.query;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.duckdb.DuckDBConnection;

/**
 * An in-memory DuckDB instance that can reach one project's files and its folder to spill to, and
 * whose settings cannot be changed. Each query gets a connection of its own, so temporary views and
 * tables are its own too.
 */
final class ProjectDatabase implements AutoCloseable {
  /**
   * Looking for common subexpressions takes time with the cube of an expression's depth, 20 s for a
   * sum of 900 terms, and heeds no interrupt meanwhile. Files that are read by field id count as
   * one row each way, so that a join would keep all events in memory to look up a few merged
   * actors.
   */
  private static final String DISABLED_OPTIMIZERS = "common_subexpressions, build_side_probe_side";

  private final DuckDBConnection connection;
  private final TailTables tail;
  private final IdentityTable identities;
  private final Set<String> reserved = new TreeSet<>();
  private int users;

  ProjectDatabase(DuckDbOptions options, String project, Path lakeFolder) throws SQLException {
    Path temporary = options.folder(project);
    try {
      Files.createDirectories(temporary);
    } catch (IOException e) {
      throw new SQLException("cannot create " + temporary, e);
    }
    Properties settings = new Properties();
    settings.setProperty("memory_limit", options.memoryBytes() / 1024 + "KiB");
    settings.setProperty("threads", Integer.toString(options.threads()));
    settings.setProperty("temp_directory", temporary.toString());
    settings.setProperty("max_temp_directory_size", options.spillBytes() / 1024 + "KiB");
    settings.setProperty(
        "allowed_directories",
        "["
            + ParquetSql.text(lakeFolder.toString())
            + ", "
            + ParquetSql.text(temporary.toString())
            + "]");
    settings.setProperty("enable_external_access", "false");
    settings.setProperty("disabled_optimizers", DISABLED_OPTIMIZERS);
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty("allow_persistent_secrets", "false");
    settings.setProperty(
        "allowed_configs",
        "['enable_progress_bar', 'enable_progress_bar_print', 'jdbc_stream_results', 'TimeZone']");
    settings.setProperty("errors_as_json", "true");
    settings.setProperty("jdbc_stream_results", "true");
    connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL TimeZone = 'UTC'");
      // Files of the lake never change; reading each one's metadata anew takes half of a short
      // query's time.
      statement.execute("SET GLOBAL parquet_metadata_cache = true");
      try (var rows =
          statement.executeQuery(
              "SELECT lower(view_name) FROM duckdb_views() UNION SELECT lower(keyword_name)"
                  + " FROM duckdb_keywords() WHERE keyword_category = 'reserved'")) {
        while (rows.next()) {
          reserved.add(rows.getString(1));
        }
      }
      statement.execute("SET GLOBAL lock_configuration = true");
    }
    tail = new TailTables((DuckDBConnection) connection.duplicate());
    identities = new IdentityTable((DuckDBConnection) connection.duplicate());
  }

  /** Keywords and the engine's own views, in lower case: names that no view of ours may have. */
  Set<String> reserved() {
    return reserved;
  }

  TailTables tail() {
    return tail;
  }

  IdentityTable identities() {
    return identities;
  }

  /** A connection that tells nobody how far its statements are. */
  DuckDBConnection connectQuietly() throws SQLException {
    return (DuckDBConnection) connection.duplicate();
  }

  DuckDBConnection connect() throws SQLException {
    DuckDBConnection connected = connectQuietly();
    try (Statement statement = connected.createStatement()) {
      statement.execute("SET SESSION enable_progress_bar_print = false");
      statement.execute("SET SESSION enable_progress_bar = true");
    } catch (SQLException e) {
      connected.close();
      throw e;
    }
    return connected;
  }

  /** Queries that hold the instance; guarded by its keeper. */
  int users() {
    return users;
  }

  void addUsers(int count) {
    users += count;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
