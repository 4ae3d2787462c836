package weir.lake.stored;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;
import weir.lake.StoredTable;
import weir.lake.catalog.LakeCatalog;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.catalog.SnapshotTags;
import weir.lake.catalog.Spill;
import weir.lake.catalog.StoredMark;
import weir.lake.catalog.SyncedFolders;
import weir.lake.catalog.TableLayout;
import weir.lake.reading.LakeReader;
import weir.log.files.Files;

/**
 * Tables that users store, whole: each an Iceberg table in its project's namespace, beside {@code
 * events}. Storing one again replaces all of it in one commit, so that a reader sees the old rows
 * or the new ones. What was answered is durable.
 *
 * <p>Safe for use by several threads. Files for one table are converted one after the other, those
 * for different tables at the same time; the commits take turns, so no two changes ever cross.
 */
public final class StoredTables {

  /** A file in the folder of a table that was dropped; its time is when. */
  public static final String DROPPED = "dropped";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private final Path staging;
  private final JdbcCatalog catalog;
  private final Files files;
  private final LakeReader reader;
  private final long memoryBytes;
  private final InstantSource clock;
  private final StoredCommits commits;
  private volatile TableConversion conversion;
  private final TableTurns conversions = new TableTurns();
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Set<String> reserved;

  public StoredTables(
      Path dir,
      JdbcCatalog catalog,
      Files files,
      SyncedFolders folders,
      LakeReader reader,
      long memoryBytes,
      InstantSource clock)
      throws IOException {
    this.staging = emptied(dir.resolve("staging"));
    this.catalog = catalog;
    this.files = files;
    this.reader = reader;
    this.memoryBytes = memoryBytes;
    this.clock = clock;
    this.commits = new StoredCommits(LakeCatalog.warehouse(dir), catalog, files, folders, clock);
    this.conversion = TableConversion.within(memoryBytes, System::nanoTime);
  }

  /** Files are converted so from now on; until then within this process. */
  public void convertBy(TableConversion other) {
    conversion = other;
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
    Spill.clear(staging);
    return java.nio.file.Files.createDirectories(staging);
  }

  /** As the other one, with as much of everything as it takes. */
  public StoredTable put(String project, String name, StoredInput input)
      throws IOException, UnreadableInputException {
    return put(project, name, input, TableConversion.Limits.NONE, () -> false);
  }

  /**
   * Makes a table of a file, or replaces all its rows and columns by the file's.
   *
   * @param name for which {@link #isName} holds, and which no table of the project's own has
   * @param limits of the table, and of the time to convert the file
   * @param cancelled asked again and again; once it says so, nothing is stored
   * @throws UnreadableInputException if the file cannot become a table; nothing has changed
   * @throws OutcomeUnknownException if nobody knows whether the table is stored
   * @throws IOException if it is certain that nothing has changed
   */
  public StoredTable put(
      String project,
      String name,
      StoredInput input,
      TableConversion.Limits limits,
      BooleanSupplier cancelled)
      throws IOException, UnreadableInputException {
    TableIdentifier identifier = identifier(project, name);
    Path output = staging.resolve(UUID.randomUUID() + ".parquet");
    try (TableTurns.Held held = conversions.take(identifier, limits.time(), cancelled)) {
      while (true) {
        TableConversion.FieldIds ids = commits.fieldIds(identifier);
        files.delete(output);
        files.create(output).close();
        TableConversion.Converted converted =
            conversion.convert(new TableConversion.Request(input, ids, output, limits), cancelled);
        turn.lock();
        try {
          if (commits.fieldIds(identifier).equals(ids)) { // else it was dropped meanwhile
            commits.store(identifier, converted, output);
            return find(identifier);
          }
        } finally {
          turn.unlock();
        }
      }
    } finally {
      files.delete(output);
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
      if (!StoredMark.isOn(table) || !snapshots.isEmpty()) {
        return StoredMark.isOn(table) ? new Dropped.Held(snapshots) : new Dropped.Unknown();
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

  /** Whether a name is one of the words that SQL keeps for itself. */
  public synchronized boolean isReserved(String name) throws IOException {
    if (reserved == null) {
      try (StoredFileWriter engine = new StoredFileWriter(staging, memoryBytes)) {
        reserved = engine.reserved();
      }
    }
    return reserved.contains(name);
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
        .filter(StoredMark::isOn)
        .toList();
  }

  /** Does something with all tables. */
  public interface Work {
    void on(List<Table> tables) throws IOException;
  }

  /** Does something while no table is stored or dropped; not now if one is being stored. */
  public void exclusively(Work work) throws IOException {
    if (!turn.tryLock()) {
      return;
    }
    try {
      work.on(identifiers().stream().map(catalog::loadTable).filter(StoredMark::isOn).toList());
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
