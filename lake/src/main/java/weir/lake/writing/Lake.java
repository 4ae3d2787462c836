package weir.lake.writing;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import weir.lake.LakeOptions;
import weir.lake.catalog.LakeCatalog;
import weir.lake.catalog.Spill;
import weir.lake.catalog.SyncedFileIO;
import weir.lake.catalog.SyncedFolders;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.reading.LakeReader;
import weir.lake.rows.ParquetEngine;
import weir.lake.stored.NamedSnapshots;
import weir.lake.stored.StoredTables;
import weir.lake.table.ColumnRemoval;
import weir.lake.table.IcebergTable;
import weir.lake.table.LakeTables;
import weir.lake.table.TableFiles;
import weir.lake.upkeep.LakeErasure;
import weir.lake.upkeep.LakeUpkeep;
import weir.log.PartitionedLog;
import weir.log.files.Files;

/**
 * The lake's writing side: Iceberg tables {@code events} and {@code bad_events} of every project, a
 * namespace each, in a folder of the disk.
 *
 * <p>One process writes. Should two ever do so, both stay correct: one of them gets conflicts and
 * stops.
 */
public final class Lake implements AutoCloseable {
  private final LakeOptions options;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final JdbcCatalog catalog;
  private final ParquetEngine engine;
  private final TableFiles tableFiles;
  private final LakeReader reader;
  private final LakeReader upkeepReader;
  private final LakeUpkeep upkeep;
  private final StoredTables stored;
  private final NamedSnapshots snapshots;
  private final LakeErasure erasure;
  private final Tables tables = new Tables();

  private Lake(
      Path dir,
      Files files,
      LakeOptions options,
      InstantSource clock,
      MeterRegistry meters,
      LakeCatalog.Factory factory)
      throws IOException {
    this.options = options;
    this.clock = clock;
    this.meters = meters;
    SyncedFolders folders = new SyncedFolders(files, dir);
    this.engine = new ParquetEngine(options);
    this.tableFiles = new TableFiles(files, folders, engine);
    try {
      this.catalog = LakeCatalog.openForWriting(dir, new SyncedFileIO(files, folders), factory);
    } catch (RuntimeException e) {
      engine.close();
      throw new IOException("cannot open the catalog in " + dir, e);
    }
    this.reader = LakeReader.open(dir);
    this.upkeepReader = LakeReader.open(dir);
    this.stored =
        new StoredTables(
            dir, catalog, files, folders, upkeepReader, options.engineMemoryBytes(), clock);
    this.snapshots = new NamedSnapshots(tables, catalog, stored, clock);
    Path erasing = dir.resolve("erasure");
    Spill.clear(erasing);
    this.erasure =
        new LakeErasure(upkeepReader, this::table, tableFiles, erasing, options.upkeep());
    this.upkeep =
        new LakeUpkeep(
            tables,
            snapshots,
            upkeepReader,
            files,
            tableFiles,
            dir,
            stored,
            options.upkeep(),
            clock,
            meters);
  }

  /**
   * Opens or creates a lake for writing.
   *
   * @param dir the lake's folder, created where it is missing; its parent must exist
   */
  public static Lake open(
      Path dir, Files files, LakeOptions options, InstantSource clock, MeterRegistry meters)
      throws IOException {
    return open(dir, files, options, clock, meters, LakeCatalog.Factory::iceberg);
  }

  static Lake open(
      Path dir,
      Files files,
      LakeOptions options,
      InstantSource clock,
      MeterRegistry meters,
      LakeCatalog.Factory factory)
      throws IOException {
    Path absolute = dir.toAbsolutePath().normalize();
    java.nio.file.Files.createDirectories(LakeCatalog.warehouse(absolute));
    files.sync(absolute);
    Path parent = absolute.getParent();
    if (parent != null) {
      files.sync(parent);
    }
    Lake lake = new Lake(absolute, files, options, clock, meters, factory);
    files.sync(absolute);
    return lake;
  }

  /** A reader of this lake; closed with it. */
  public LakeReader reader() {
    return reader;
  }

  /**
   * The loop that brings the clean log into the tables; it does nothing before it is started.
   *
   * @throws IOException if the tables or the log cannot be read
   * @throws IllegalStateException if a table is ahead of the log's end: this is not its log
   */
  public LakeWriter writer(PartitionedLog cleanLog) throws IOException {
    return new LakeWriter(tables, cleanLog, options, clock, meters);
  }

  /** What keeps the tables in order; it does nothing before it is started. Closed with the lake. */
  public LakeUpkeep upkeep() {
    return upkeep;
  }

  /** The tables that users store. */
  public StoredTables storedTables() {
    return stored;
  }

  /** Takes events out again. Safe for use by several threads. */
  public LakeErasure erasure() {
    return erasure;
  }

  /** The snapshots that have a name. */
  public NamedSnapshots namedSnapshots() {
    return snapshots;
  }

  /**
   * Rows ever appended to a table; 0 if there is none.
   *
   * @param table {@code events} or {@code bad_events}
   */
  public long loadedTotal(String project, String table) throws IOException {
    return reader.loadedTotal(project, table);
  }

  /**
   * Takes columns of properties out of a project's events; they must not be in rows that come yet.
   * Old snapshots keep them.
   *
   * @return those that were there; empty if the project has no events yet
   * @throws IOException if it is not certain that none is there any more; once more is safe
   */
  public Set<String> dropColumns(String project, Set<String> columns) throws IOException {
    if (!catalog.tableExists(LakeCatalog.identifier(project, TableLayout.EVENTS))) {
      return Set.of();
    }
    return ColumnRemoval.remove(table(project, TableLayout.EVENTS).table(), columns);
  }

  IcebergTable table(String project, TableLayout layout) throws IOException {
    return new IcebergTable(
        LakeCatalog.loadOrCreate(catalog, project, layout), layout, tableFiles, clock);
  }

  @Override
  public void close() throws IOException {
    try (engine;
        catalog;
        reader;
        upkeepReader;
        upkeep) {
      // closed in reverse order
    }
  }

  /** This lake's tables for the writer and the upkeep. */
  private final class Tables implements LakeWriter.Tables, LakeTables {
    @Override
    public List<TableName> existing() throws IOException {
      List<TableName> names = new ArrayList<>();
      try {
        for (Namespace namespace : catalog.listNamespaces()) {
          for (TableLayout layout : TableLayout.values()) {
            String project = namespace.toString();
            if (catalog.tableExists(TableIdentifier.of(namespace, layout.tableName()))) {
              names.add(new TableName(project, layout));
            }
          }
        }
      } catch (RuntimeException e) {
        throw new IOException("cannot list the lake's tables", e);
      }
      return names;
    }

    @Override
    public IcebergTable open(TableName name) throws IOException {
      return table(name.project(), name.layout());
    }

    @Override
    public void committed(TableName name) {
      upkeep.changed(name);
    }
  }
}
