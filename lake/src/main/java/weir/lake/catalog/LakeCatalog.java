package weir.lake.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import weir.event.ProjectName;
import weir.lake.LakeColumn;

/**
 * Iceberg's JDBC catalog on SQLite: a file {@code catalog.db} beside the folder {@code warehouse}.
 *
 * <p>The journal is a file that is deleted at each commit, and EXTRA syncs the folder after that:
 * so a commit that was answered stays, and a reader needs no right to write (WAL would need it).
 */
public final class LakeCatalog {
  /** How long a connection waits for another one's lock. */
  static final int BUSY_MILLIS = 15_000;

  /** How many may read at the same time. */
  private static final String READERS = "4";

  private static final String NAME = "weir";

  private LakeCatalog() {}

  public static Path database(Path dir) {
    return dir.resolve("catalog.db");
  }

  public static Path warehouse(Path dir) {
    return dir.resolve("warehouse");
  }

  /** Makes a catalog whose tables have these files. */
  public interface Factory extends BiFunction<FileIO, Boolean, JdbcCatalog> {
    /** Iceberg's own. */
    static JdbcCatalog iceberg(FileIO io, boolean createTables) {
      return new JdbcCatalog(properties -> io, null, createTables);
    }
  }

  public static JdbcCatalog openForWriting(Path dir, FileIO io, Factory factory) {
    Map<String, String> properties = properties(dir);
    properties.put("jdbc.journal_mode", "DELETE");
    properties.put("jdbc.synchronous", "EXTRA");
    JdbcCatalog catalog = factory.apply(io, true);
    catalog.initialize(NAME, properties);
    return catalog;
  }

  static JdbcCatalog openForReading(Path dir, FileIO io) {
    Map<String, String> properties = properties(dir);
    properties.put("jdbc.open_mode", "1");
    properties.put("clients", READERS);
    JdbcCatalog catalog = Factory.iceberg(io, false);
    catalog.initialize(NAME, properties);
    return catalog;
  }

  private static Map<String, String> properties(Path dir) {
    Map<String, String> properties = new HashMap<>();
    properties.put("uri", "jdbc:sqlite:" + database(dir));
    properties.put("warehouse", warehouse(dir).toString());
    properties.put("clients", "1");
    properties.put("jdbc.busy_timeout", Integer.toString(BUSY_MILLIS));
    properties.put("jdbc.schema-version", "V1");
    properties.put("metrics-reporter-impl", "org.apache.iceberg.metrics.InMemoryMetricsReporter");
    return properties;
  }

  /**
   * A project's table's name.
   *
   * @throws IllegalArgumentException if no project can be called so
   */
  public static TableIdentifier identifier(String project, TableLayout layout) {
    return TableIdentifier.of(Namespace.of(new ProjectName(project).value()), layout.tableName());
  }

  /** The project's table, created where it does not exist. */
  public static Table loadOrCreate(JdbcCatalog catalog, String project, TableLayout layout)
      throws IOException {
    TableIdentifier identifier = identifier(project, layout);
    try {
      if (!catalog.tableExists(identifier)) {
        create(catalog, identifier, layout);
      }
      return catalog.loadTable(identifier);
    } catch (RuntimeException e) {
      throw new IOException("cannot open table " + identifier, e);
    }
  }

  private static void create(JdbcCatalog catalog, TableIdentifier identifier, TableLayout layout) {
    Schema schema = layout.schema();
    SortOrder order = layout.sortOrder(schema);
    try {
      Table table =
          catalog
              .buildTable(identifier, schema)
              .withPartitionSpec(layout.partitions(schema))
              .withSortOrder(order)
              .withProperties(layout.properties())
              .create();
      for (LakeColumn column : layout.columns()) {
        int id = table.schema().findField(column.name()).fieldId();
        if (id != column.fieldId()) {
          throw new IllegalStateException(column + " was given the field id " + id);
        }
      }
    } catch (AlreadyExistsException e) {
      // another writer was faster; its table is the same
      return;
    }
  }
}
