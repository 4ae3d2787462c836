package weir.lake.reading;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import weir.event.Positions;
import weir.lake.AsOf;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.lake.NoSnapshotException;
import weir.lake.StoredTable;
import weir.lake.catalog.LakeCatalog;
import weir.lake.catalog.ReadOnlyCatalog;
import weir.lake.catalog.StoredMark;
import weir.lake.catalog.SyncedFileIO;
import weir.lake.catalog.SyncedFolders;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableState;
import weir.log.files.Files;

/**
 * The lake's reading side. Needs no right to write, and works beside a writer in another process.
 *
 * <p>Safe for use by several threads; those that ask about one project take turns, and nobody waits
 * for another project's files. Manifests never change, so each is read once and kept as long as the
 * current snapshot names it. With a clock, the catalog is asked again after a commit only, so that
 * one that somebody holds locked keeps nobody from what is known.
 */
public final class LakeReader implements AutoCloseable {
  private static final int EARLIER_TABLES = 8;

  private final Path dir;
  private final FileIO io;
  private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();

  private final Map<Long, LakeTable> earlierTables =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, LakeTable> eldest) {
              return size() > EARLIER_TABLES;
            }
          });
  private final Map<TableIdentifier, StoredEntry> storedCache = new ConcurrentHashMap<>();
  private final ReadOnlyCatalog catalog;
  private final KnownTables known;

  private LakeReader(Path dir) {
    this(dir, () -> Instant.EPOCH);
  }

  private LakeReader(Path dir, InstantSource clock) {
    this.dir = dir;
    this.io = new SyncedFileIO(Files.system(), new SyncedFolders(Files.system(), dir));
    this.catalog = new ReadOnlyCatalog(dir, io, System::nanoTime);
    this.known = new KnownTables(catalog, io, this::revision, clock);
  }

  /**
   * A reader that asks the catalog each time; needs no right to write, and works in any process.
   */
  public static LakeReader open(Path dir) {
    return new LakeReader(dir.toAbsolutePath().normalize());
  }

  /**
   * One that asks the catalog after a commit only.
   *
   * @param clock the one that files get their times from, by which a catalog that has not changed
   *     for a while need not be asked
   */
  public static LakeReader open(Path dir, InstantSource clock) {
    return new LakeReader(dir.toAbsolutePath().normalize(), clock);
  }

  /** A stored table, and what one of its snapshots holds. */
  private record StoredEntry(Table table, long snapshot, StoredTable read) {}

  /**
   * What a project's tables hold by now. A table that does not exist yet has its fixed columns and
   * no files.
   *
   * @throws IOException if the lake cannot be read
   * @throws IllegalArgumentException if this cannot be a project's name
   */
  public LakeSnapshot snapshot(String project) throws IOException {
    return inTurn(
        project,
        () ->
            new LakeSnapshot(
                project,
                table(project, TableLayout.EVENTS),
                table(project, TableLayout.BAD_EVENTS),
                new StoredReading(this, project)));
  }

  /**
   * What a project's tables held at an earlier state.
   *
   * @throws IOException if the lake cannot be read
   * @throws NoSnapshotException if there is no such state, or not any more
   * @throws IllegalArgumentException if this cannot be a project's name
   */
  public LakeSnapshot snapshot(String project, AsOf asOf) throws IOException, NoSnapshotException {
    Earlier events = earlier(project, TableLayout.EVENTS, asOf);
    Earlier badEvents = earlier(project, TableLayout.BAD_EVENTS, asOf);
    if (events.missing() != null) {
      throw new NoSnapshotException(events.missing());
    }
    if (badEvents.missing() != null) {
      throw new NoSnapshotException(badEvents.missing());
    }
    return new LakeSnapshot(
        project, events.table(), badEvents.table(), new AsOfReading.Stored(this, project, asOf));
  }

  /**
   * A table at an earlier state.
   *
   * @param missing why there is none; null if there is
   */
  private record Earlier(LakeTable table, @Nullable String missing) {}

  private Earlier earlier(String project, TableLayout layout, AsOf asOf) throws IOException {
    TableIdentifier identifier = LakeCatalog.identifier(project, layout);
    return patiently(
        project,
        () -> {
          Table table = known.table(identifier);
          if (table == null) {
            String missing =
                asOf instanceof AsOf.Name name
                    ? AsOfReading.noName(name.name(), Set.of()).getMessage()
                    : null;
            return new Earlier(empty(layout), missing);
          }
          try {
            Snapshot snapshot = AsOfReading.of(table, asOf);
            return new Earlier(snapshot == null ? empty(layout) : read(table, snapshot), null);
          } catch (NoSnapshotException e) {
            return new Earlier(empty(layout), e.getMessage());
          }
        });
  }

  private LakeTable read(Table table, Snapshot snapshot) throws IOException {
    LakeTable known = earlierTables.get(snapshot.snapshotId());
    if (known != null) {
      return known;
    }
    List<LakeFile> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      files.addAll(KnownTables.files(table, manifest, io));
    }
    TableState state =
        TableState.of(SnapshotUtil.ancestorsOf(snapshot.snapshotId(), table::snapshot));
    Schema schema = table.schemas().getOrDefault(snapshot.schemaId(), table.schema());
    LakeTable read =
        new LakeTable(
            TableLayout.columnsOf(schema),
            files,
            state.position(),
            state.loadedTotal(),
            state.duplicatesRemoved(),
            state.expired(),
            state.erased());
    earlierTables.put(snapshot.snapshotId(), read);
    return read;
  }

  /** A stored table at an earlier state; empty if it was not there, or is not known any more. */
  Optional<StoredTable> stored(String project, String name, AsOf asOf) throws IOException {
    Namespace namespace = LakeCatalog.identifier(project, TableLayout.EVENTS).namespace();
    return patiently(
        project,
        () -> {
          JdbcCatalog open = catalog.open();
          if (open == null) {
            return Optional.empty();
          }
          try {
            Table table = storedTable(open, TableIdentifier.of(namespace, name));
            Snapshot snapshot = StoredMark.isOn(table) ? AsOfReading.ofStored(table, asOf) : null;
            return snapshot == null
                ? Optional.empty()
                : Optional.of(StoredReading.read(table, snapshot, io));
          } catch (NoSuchTableException e) {
            return Optional.empty();
          }
        });
  }

  /** The names of a project's tables besides its own two. */
  Set<String> storedNames(String project) throws IOException {
    Namespace namespace = LakeCatalog.identifier(project, TableLayout.EVENTS).namespace();
    return patiently(
        project,
        () -> {
          Set<String> names = new TreeSet<>();
          JdbcCatalog open = catalog.open();
          if (open != null && open.namespaceExists(namespace)) {
            open.listTables(namespace).forEach(table -> names.add(table.name()));
          }
          for (TableLayout layout : TableLayout.values()) {
            names.remove(layout.tableName());
          }
          return names;
        });
  }

  /** A table that users store; empty if there is none of this name. */
  public Optional<StoredTable> stored(String project, String name) throws IOException {
    Namespace namespace = LakeCatalog.identifier(project, TableLayout.EVENTS).namespace();
    return patiently(project, () -> readStored(TableIdentifier.of(namespace, name)));
  }

  private Table storedTable(JdbcCatalog open, TableIdentifier identifier) {
    StoredEntry known = storedCache.get(identifier);
    if (known != null) {
      try {
        known.table().refresh();
        return known.table();
      } catch (RuntimeException e) {
        // it was dropped, and perhaps there is another one of its name
        storedCache.remove(identifier);
      }
    }
    return open.loadTable(identifier);
  }

  /** All tables that users store, by name. */
  public List<StoredTable> storedTables(String project) throws IOException {
    return new StoredReading(this, project).all();
  }

  private Optional<StoredTable> readStored(TableIdentifier identifier) throws IOException {
    JdbcCatalog open = catalog.open();
    if (open == null) {
      return Optional.empty();
    }
    try {
      Table table = storedTable(open, identifier);
      Snapshot snapshot = table.currentSnapshot();
      if (!StoredMark.isOn(table) || snapshot == null) {
        return Optional.empty();
      }
      StoredEntry known = storedCache.get(identifier);
      if (known == null || known.snapshot() != snapshot.snapshotId()) {
        known =
            new StoredEntry(table, snapshot.snapshotId(), StoredReading.read(table, snapshot, io));
        storedCache.put(identifier, known);
      }
      return Optional.of(known.read());
    } catch (NoSuchTableException e) {
      return Optional.empty();
    }
  }

  /**
   * A number that is another one after a commit to any table; cheap to ask for. It may stay the
   * same where two commits follow within the file system's resolution of time.
   *
   * @throws IOException if it cannot be read
   */
  public long revision() throws IOException {
    Path database = LakeCatalog.database(dir);
    try {
      return java.nio.file.Files.getLastModifiedTime(database).to(TimeUnit.NANOSECONDS);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** The projects that have a table, sorted. */
  public List<String> projects() throws IOException {
    return catalog.patiently(
        () -> {
          JdbcCatalog open = catalog.open();
          return open == null
              ? List.<String>of()
              : open.listNamespaces().stream().map(Namespace::toString).sorted().toList();
        },
        () -> {});
  }

  /**
   * Rows ever appended to a table; 0 if there is none.
   *
   * @param table {@code events} or {@code bad_events}
   */
  public long loadedTotal(String project, String table) throws IOException {
    for (TableLayout layout : TableLayout.values()) {
      if (layout.tableName().equals(table)) {
        return table(project, layout).loadedTotal();
      }
    }
    throw new IllegalArgumentException("no table is called " + table);
  }

  public LakeTable table(String project, TableLayout layout) throws IOException {
    TableIdentifier identifier = LakeCatalog.identifier(project, layout);
    return patiently(project, () -> read(identifier, layout));
  }

  private LakeTable read(TableIdentifier identifier, TableLayout layout) throws IOException {
    LakeTable read = known.read(identifier);
    return read == null ? empty(layout) : read;
  }

  private static LakeTable empty(TableLayout layout) {
    return new LakeTable(layout.columns(), List.of(), Positions.START, 0);
  }

  private <T> T patiently(String project, ReadOnlyCatalog.Reading<T> reading) throws IOException {
    return inTurn(project, () -> catalog.patiently(reading, () -> forget(project)));
  }

  private <T> T inTurn(String project, ReadOnlyCatalog.Reading<T> reading) throws IOException {
    ReentrantLock turn = turns.computeIfAbsent(project, name -> new ReentrantLock());
    turn.lock();
    try {
      return reading.read();
    } finally {
      turn.unlock();
    }
  }

  private void forget(String project) {
    Namespace namespace = Namespace.of(project);
    known.forget(namespace);
    storedCache.keySet().removeIf(table -> table.namespace().equals(namespace));
  }

  @Override
  public void close() {
    catalog.close();
    known.clear();
    storedCache.clear();
  }
}
