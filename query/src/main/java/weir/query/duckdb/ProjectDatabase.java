package weir.query.duckdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import weir.query.hottail.TailTables;
import weir.query.sql.ParquetSql;
import weir.query.tables.IdentityTable;
import weir.query.tables.ProjectFacts;

/**
 * An in-memory DuckDB instance that can reach some of one project's files and a folder of its own
 * to spill to, and whose settings cannot be changed. Each query gets a connection of its own, so
 * temporary views and tables are its own too. Safe for use by several threads once it is locked.
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
  private final ProjectFacts facts;
  private final Path folder;
  private final IdentityTable identities;
  private Reach reach = Reach.NOTHING;
  private @Nullable TailTables tail;
  private int users;

  private ProjectDatabase(DuckDbOptions options, String project, ProjectFacts facts, boolean spills)
      throws SQLException {
    this.facts = facts;
    Path parent = options.folder(project);
    // the engine makes it when it spills, and removes it
    folder = parent.resolve("instance-" + UUID.randomUUID());
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw new SQLException("cannot create " + parent, e);
    }
    Properties settings = new Properties();
    settings.setProperty("memory_limit", options.memoryBytes() / 1024 + "KiB");
    settings.setProperty("threads", Integer.toString(options.threads()));
    settings.setProperty("temp_directory", spills ? folder.toString() : "");
    settings.setProperty("max_temp_directory_size", options.spillBytes() / 1024 + "KiB");
    settings.setProperty("disabled_optimizers", DISABLED_OPTIMIZERS);
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty("allow_persistent_secrets", "false");
    settings.setProperty(
        "allowed_configs",
        "['enable_progress_bar', 'enable_progress_bar_print', 'jdbc_stream_results',"
            + " 'TimeZone', 'default_null_order']");
    settings.setProperty("errors_as_json", "true");
    settings.setProperty("jdbc_stream_results", "true");
    connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
    execute("SET GLOBAL TimeZone = 'UTC'");
    // Files of the lake never change; reading each one's metadata anew takes half of a short
    // query's time.
    execute("SET GLOBAL parquet_metadata_cache = true");
    identities = new IdentityTable((DuckDBConnection) connection.duplicate(), facts.merges());
  }

  /** An instance that can open what it may, for any statements. */
  static ProjectDatabase locked(
      DuckDbOptions options, String project, ProjectFacts facts, Reach reach) throws SQLException {
    return locked(unlocked(options, project, facts), reach);
  }

  /** An instance that can open and write nothing at all, for parsing. */
  static ProjectDatabase parser(DuckDbOptions options) throws SQLException {
    ProjectFacts facts = new ProjectFacts(Set.of());
    return locked(new ProjectDatabase(options, "", facts, false), Reach.NOTHING);
  }

  private static ProjectDatabase locked(ProjectDatabase database, Reach reach) throws SQLException {
    try {
      database.lock(reach);
      return database;
    } catch (SQLException e) {
      database.close();
      throw e;
    }
  }

  /** An instance for statements of ours until it is locked. */
  static ProjectDatabase unlocked(DuckDbOptions options, String project, ProjectFacts facts)
      throws SQLException {
    return new ProjectDatabase(options, project, facts, true);
  }

  /** From now on it opens no more than it may, and nothing can change that. */
  void lock(Reach allowed) throws SQLException {
    // as texts that are cast: the parser takes three times as long for a list of many files
    execute("SET GLOBAL allowed_directories = " + ParquetSql.text(allowed.folderList()));
    execute("SET GLOBAL allowed_paths = " + ParquetSql.text(allowed.fileList()));
    execute("SET GLOBAL enable_external_access = false");
    execute("SET GLOBAL lock_configuration = true");
    reach = allowed;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Reach reach() {
    return reach;
  }

  /** Its own folder, which may not be there yet. */
  Path folder() {
    return folder;
  }

  /** Keywords and the engine's own views, folded: names that no view of ours may have. */
  Set<String> reserved() {
    return facts.reserved();
  }

  synchronized TailTables tail() throws SQLException {
    if (tail == null) {
      tail = new TailTables((DuckDBConnection) connection.duplicate());
    }
    return tail;
  }

  IdentityTable identities() {
    return identities;
  }

  /** Gives back the memory of rows that the tail has dropped and no query uses. */
  void dropUnusedTail() {
    TailTables made;
    synchronized (this) {
      made = tail;
    }
    if (made != null) {
      made.dropUnused();
    }
  }

  /** Asks the engine for its keywords and own views. */
  Set<String> readReserved() throws SQLException {
    Set<String> names = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT lower(view_name) FROM duckdb_views() UNION SELECT lower(keyword_name)"
                    + " FROM duckdb_keywords() WHERE keyword_category = 'reserved'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
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
    try {
      // the engine removes what it made itself
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new SQLException("cannot remove " + folder, e);
    }
  }
}
