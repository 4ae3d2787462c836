package weir.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.Files;

/**
 * Tables that users store, whole: each an Iceberg table in its project's namespace, beside {@code
 * events}. Storing one again replaces all of it in one commit, so that a reader sees the old rows
 * or the new ones. What was answered is durable.
 *
 * <p>Safe for use by several threads, which take turns: so no two changes of a table ever cross.
 */
public final class StoredTables {
  private static final Logger LOG = LoggerFactory.getLogger(StoredTables.class);

  /** Says in a table's properties that it is one of these. */
  static final String STORED = "weir.stored";

  /** A file in the folder of a table that was dropped; its time is when. */
  static final String DROPPED = "dropped";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final int MOST_COLUMNS = 2_000;
  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry(STORED, "true"),
          Map.entry("format-version", "2"),
          Map.entry("write.metadata.delete-after-commit.enabled", "true"),
          Map.entry("write.metadata.previous-versions-max", "20"),
          Map.entry("write.parquet.compression-codec", "zstd"),
          Map.entry("write.metadata.metrics.default", "none"));

  private final Path dir;
  private final Path staging;
  private final JdbcCatalog catalog;
  private final Files files;
  private final SyncedFolders folders;
  private final LakeReader reader;
  private final long memoryBytes;
  private final InstantSource clock;
  private final ReentrantLock turn = new ReentrantLock();

  StoredTables(
      Path dir,
      JdbcCatalog catalog,
      Files files,
      SyncedFolders folders,
      LakeReader reader,
      long memoryBytes,
      InstantSource clock)
      throws IOException {
    this.dir = dir;
    this.staging = emptied(dir.resolve("staging"));
    this.catalog = catalog;
    this.files = files;
    this.folders = folders;
    this.reader = reader;
    this.memoryBytes = memoryBytes;
    this.clock = clock;
  }

  /** Whether a table may have a name, as far as its letters go. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The folder for files on their way to a table; what a process before this left is gone. */
  public Path staging() {
    return staging;
  }

  private static Path emptied(Path staging) throws IOException {
    if (java.nio.file.Files.exists(staging)) {
      try (Stream<Path> left = java.nio.file.Files.walk(staging)) {
        for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
          java.nio.file.Files.delete(path);
        }
      }
    }
    return java.nio.file.Files.createDirectories(staging);
  }

  /**
   * Makes a table of a file, or replaces all its rows and columns by the file's.
   *
   * @param name for which {@link #isName} holds, and which no table of the project's own has
   * @throws UnreadableInputException if the file cannot become a table; nothing has changed
   * @throws OutcomeUnknownException if nobody knows whether the table is stored
   * @throws IOException if it is certain that nothing has changed
   */
  public StoredTable put(String project, String name, StoredInput input)
      throws IOException, UnreadableInputException {
    TableIdentifier identifier = identifier(project, name);
    turn.lock();
    try {
      Path folder = LakeCatalog.warehouse(dir).resolve(project);
      try (StoredFileWriter writer = new StoredFileWriter(input, staging, folder, memoryBytes)) {
        return put(identifier, writer);
      }
    } finally {
      turn.unlock();
    }
  }

  private static TableIdentifier identifier(String project, String name) {
    TableIdentifier events = LakeCatalog.identifier(project, TableLayout.EVENTS);
    for (TableLayout layout : TableLayout.values()) {
      if (layout.tableName().equals(name)) {
        throw new IllegalArgumentException(name + " is a table of the project's own");
      }
    }
    if (!isName(name)) {
      throw new IllegalArgumentException("not a table's name: '" + name + "'");
    }
    return TableIdentifier.of(events.namespace(), name);
  }

  private StoredTable put(TableIdentifier identifier, StoredFileWriter writer)
      throws IOException, UnreadableInputException {
    Map<String, String> columns = writer.columns();
    if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
      throw new UnreadableInputException(
          "a table has 1 to " + MOST_COLUMNS + " columns, not " + columns.size());
    }
    Transaction change = begin(identifier, StoredFileWriter.schema(columns));
    Table table = change.table();
    Path file = newFile(table);
    try {
      files.create(file).close();
      ParquetEngine.Written written = writer.write(columns, table.schema(), file);
      AppendFiles append = change.newAppend();
      if (written.rows() > 0) {
        files.sync(file);
        folders.sync(List.of(file));
        append.appendFile(
            DataFiles.builder(table.spec())
                .withPath(file.toString())
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(written.bytes())
                .withMetrics(new Metrics(written.rows(), null, null, null, null))
                .build());
      }
      TableState.mark(append, file.getFileName().toString(), clock.instant());
      append.commit();
      if (written.rows() == 0) {
        files.delete(file);
      }
    } catch (IOException | UnreadableInputException | RuntimeException e) {
      remove(file);
      throw e;
    }
    commit(change, identifier, file);
    return find(identifier);
  }

  private Transaction begin(TableIdentifier identifier, Schema schema) throws IOException {
    try {
      Catalog.TableBuilder builder =
          catalog
              .buildTable(identifier, schema)
              .withPartitionSpec(PartitionSpec.unpartitioned())
              .withProperties(PROPERTIES);
      if (!catalog.tableExists(identifier)) {
        // of its own: a folder that a table of this name had before may still be read
        String folder = identifier.name() + "-" + UUID.randomUUID();
        builder.withLocation(
            LakeCatalog.warehouse(dir)
                .resolve(identifier.namespace().toString())
                .resolve(folder)
                .toString());
      }
      return builder.createOrReplaceTransaction();
    } catch (RuntimeException e) {
      throw new IOException("cannot begin to store " + identifier, e);
    }
  }

  private static Path newFile(Table table) {
    return Path.of(table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet"));
  }

  private void commit(Transaction change, TableIdentifier identifier, Path file)
      throws IOException {
    try {
      change.commitTransaction();
    } catch (RuntimeException e) {
      LOG.info("storing {} did not succeed", identifier, e);
      boolean has;
      try {
        has = has(identifier, file.getFileName().toString());
      } catch (RuntimeException unread) {
        throw new OutcomeUnknownException(identifier.toString(), unread);
      }
      if (!has) {
        remove(file);
        throw new IOException("cannot store " + identifier, e);
      }
    }
  }

  private boolean has(TableIdentifier identifier, String commit) {
    try {
      return TableState.has(catalog.loadTable(identifier), commit);
    } catch (NoSuchTableException e) {
      return false;
    }
  }

  private void remove(Path useless) {
    try {
      files.delete(useless);
    } catch (IOException e) {
      LOG.warn("{} belongs to no table and stays until it is collected", useless, e);
    }
  }

  private StoredTable find(TableIdentifier identifier) throws IOException {
    return reader
        .stored(identifier.namespace().toString(), identifier.name())
        .orElseThrow(() -> new IOException(identifier + " was dropped meanwhile"));
  }

  /** A table; empty if there is none of this name. */
  public Optional<StoredTable> find(String project, String name) throws IOException {
    return isName(name) ? reader.stored(project, name) : Optional.empty();
  }

  /** The project's tables, by name. */
  public List<StoredTable> list(String project) throws IOException {
    return reader.storedTables(project);
  }

  /** What became of a table that was to be dropped. */
  public sealed interface Dropped {
    /** It is gone. */
    record Gone() implements Dropped {}

    /** There is none. */
    record Unknown() implements Dropped {}

    /** It stays, since named snapshots have it. */
    record Held(Set<String> snapshots) implements Dropped {}
  }

  /**
   * Drops a table. Its files stay for the queries that read them.
   *
   * @throws IOException if that is not certain
   */
  public Dropped drop(String project, String name) throws IOException {
    TableIdentifier identifier = identifier(project, name);
    turn.lock();
    try {
      if (!catalog.tableExists(identifier)) {
        return new Dropped.Unknown();
      }
      Table table = catalog.loadTable(identifier);
      Set<String> snapshots = SnapshotTags.of(table).keySet();
      if (!isStored(table) || !snapshots.isEmpty()) {
        return isStored(table) ? new Dropped.Held(snapshots) : new Dropped.Unknown();
      }
      Path marker = Path.of(table.location()).resolve(DROPPED);
      java.nio.file.Files.deleteIfExists(marker);
      files.create(marker).close();
      java.nio.file.Files.setLastModifiedTime(
          marker, java.nio.file.attribute.FileTime.from(clock.instant()));
      files.sync(marker);
      files.sync(Path.of(table.location()));
      return catalog.dropTable(identifier, false) ? new Dropped.Gone() : new Dropped.Unknown();
    } catch (RuntimeException e) {
      throw new IOException("cannot drop " + identifier, e);
    } finally {
      turn.unlock();
    }
  }

  static boolean isStored(Table table) {
    return "true".equals(table.properties().get(STORED));
  }

  /** Whether a name is one of the words that SQL keeps for itself. */
  public boolean isReserved(String name) throws IOException {
    StoredInput none = new StoredInput(staging, StoredInput.Format.PARQUET, Map.of());
    try (StoredFileWriter engine = new StoredFileWriter(none, staging, staging, memoryBytes)) {
      return engine.reserved().contains(name);
    }
  }

  /** From now on no table is stored or dropped, until {@link #unlock}. */
  void lock() {
    turn.lock();
  }

  /** As {@link #lock}, unless somebody has it. */
  boolean tryLock() {
    return turn.tryLock();
  }

  void unlock() {
    turn.unlock();
  }

  /** The tables of a project. */
  List<Table> tables(String project) {
    return identifiers(LakeCatalog.identifier(project, TableLayout.EVENTS).namespace()).stream()
        .map(catalog::loadTable)
        .filter(StoredTables::isStored)
        .toList();
  }

  /** Does something with all tables. */
  interface Work {
    void on(List<Table> tables) throws IOException;
  }

  /** Does something while no table is stored or dropped; not now if one is being stored. */
  void exclusively(Work work) throws IOException {
    if (!turn.tryLock()) {
      return;
    }
    try {
      work.on(
          identifiers().stream().map(catalog::loadTable).filter(StoredTables::isStored).toList());
    } catch (RuntimeException e) {
      throw new IOException("the stored tables cannot be kept in order", e);
    } finally {
      turn.unlock();
    }
  }

  private List<TableIdentifier> identifiers() {
    return catalog.listNamespaces().stream()
        .flatMap(namespace -> identifiers(namespace).stream())
        .toList();
  }

  private List<TableIdentifier> identifiers(Namespace namespace) {
    Set<String> own = Set.of(TableLayout.EVENTS.tableName(), TableLayout.BAD_EVENTS.tableName());
    return catalog.namespaceExists(namespace)
        ? catalog.listTables(namespace).stream()
            .filter(table -> !own.contains(table.name()))
            .toList()
        : List.of();
  }
}
