package weir.lake.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.catalog.ReadOnlyCatalog;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableState;

/**
 * What is known of the projects' own tables. Nothing is asked or read twice for one state: the
 * catalog is asked after its file has changed, and a manifest, which never changes, is read once.
 *
 * <p>Safe for use by several threads, of which one at a time asks about a project.
 */
final class KnownTables {
  /** After so long no further commit can leave the catalog's time as it was. */
  private static final long SETTLED_MILLIS = 3_000;

  private static final long UNKNOWN = -1;

  private final ReadOnlyCatalog catalog;
  private final FileIO io;
  private final ReadOnlyCatalog.Reading<Long> revisions;
  private final InstantSource clock;
  private final Map<TableIdentifier, CachedTable> cached = new ConcurrentHashMap<>();

  /** Tables that are not there, and by which revision of the catalog. */
  private final Map<TableIdentifier, Long> absent = new ConcurrentHashMap<>();

  /**
   * @param revisions tells the catalog's revision
   * @param clock the one that files get their times from, or one that is behind it
   */
  KnownTables(
      ReadOnlyCatalog catalog,
      FileIO io,
      ReadOnlyCatalog.Reading<Long> revisions,
      InstantSource clock) {
    this.catalog = catalog;
    this.io = io;
    this.revisions = revisions;
    this.clock = clock;
  }

  /** A table, its last snapshot as read, and the files of its manifests. */
  private static final class CachedTable {
    private final Table table;
    private final Map<String, List<LakeFile>> manifests = new LinkedHashMap<>();
    private @Nullable LakeTable last;
    private @Nullable String lastMetadata;

    /** The catalog's revision that the table is known to be of. */
    private long revision = UNKNOWN;

    CachedTable(Table table) {
      this.table = table;
    }
  }

  /** The table as it is now; null if there is none. */
  @Nullable Table table(TableIdentifier identifier) throws IOException {
    CachedTable entry = refreshed(identifier);
    return entry == null ? null : entry.table;
  }

  /** What the table holds now; null if there is none. */
  @Nullable LakeTable read(TableIdentifier identifier) throws IOException {
    CachedTable entry = refreshed(identifier);
    return entry == null ? null : read(entry);
  }

  void forget(Namespace namespace) {
    cached.keySet().removeIf(table -> table.namespace().equals(namespace));
  }

  void clear() {
    cached.clear();
  }

  private @Nullable CachedTable refreshed(TableIdentifier identifier) throws IOException {
    long revision = revisions.read(); // before the table, which may be of a later one then
    CachedTable entry = cached.get(identifier);
    if (entry != null && entry.revision == revision) {
      return entry;
    }
    if (entry == null && Objects.equals(absent.get(identifier), revision)) {
      return null;
    }
    JdbcCatalog open = catalog.open();
    if (entry == null) {
      if (open == null) {
        return null;
      }
      try {
        entry = new CachedTable(open.loadTable(identifier));
      } catch (NoSuchTableException e) {
        if (isSettled(revision)) {
          absent.put(identifier, revision);
        }
        return null;
      }
      absent.remove(identifier);
      cached.put(identifier, entry);
    } else {
      entry.table.refresh();
    }
    entry.revision = isSettled(revision) ? revision : UNKNOWN;
    return entry;
  }

  private boolean isSettled(long revision) {
    return TimeUnit.NANOSECONDS.toMillis(revision) < clock.millis() - SETTLED_MILLIS;
  }

  private LakeTable read(CachedTable entry) throws IOException {
    Table table = entry.table;
    String metadata = ((BaseTable) table).operations().current().metadataFileLocation();
    LakeTable last = entry.last;
    if (last != null && metadata.equals(entry.lastMetadata)) {
      return last;
    }
    List<LakeFile> files = new ArrayList<>();
    Set<String> current = new HashSet<>();
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot != null) {
      for (ManifestFile manifest : snapshot.dataManifests(io)) {
        current.add(manifest.path());
        List<LakeFile> known = entry.manifests.get(manifest.path());
        if (known == null) {
          known = files(table, manifest, io);
          entry.manifests.put(manifest.path(), known);
        }
        files.addAll(known);
      }
    }
    entry.manifests.keySet().retainAll(current);
    TableState state = TableState.of(table);
    LakeTable read =
        new LakeTable(
            TableLayout.columnsOf(table.schema()),
            files,
            state.position(),
            state.loadedTotal(),
            state.duplicatesRemoved(),
            state.expired(),
            state.erased());
    entry.last = read;
    entry.lastMetadata = metadata;
    return read;
  }

  /** The files that a manifest names. */
  static List<LakeFile> files(Table table, ManifestFile manifest, FileIO io) throws IOException {
    List<LakeFile> files = new ArrayList<>();
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, table.specs())) {
      for (DataFile file : reader) {
        int day = file.partition().get(0, Integer.class);
        files.add(
            new LakeFile(
                Path.of(file.location()),
                file.recordCount(),
                file.fileSizeInBytes(),
                LocalDate.ofEpochDay(day),
                Objects.requireNonNullElse(file.columnSizes(), Map.of())));
      }
    }
    return List.copyOf(files);
  }
}
