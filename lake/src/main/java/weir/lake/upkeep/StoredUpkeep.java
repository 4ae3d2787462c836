package weir.lake.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.catalog.TableState;
import weir.lake.stored.StoredTables;
import weir.log.files.Files;

/**
 * Removes what stored tables held before, once no query reads it any more: rows that were replaced,
 * tables that were dropped, and what a crash left. What a tag names stays.
 */
final class StoredUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(StoredUpkeep.class);

  /** As {@link StoredTables} names folders; those of events are called otherwise. */
  private static final Pattern FOLDER =
      Pattern.compile("[a-z][a-z0-9_]{0,62}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Path warehouse;
  private final StoredTables tables;
  private final Files files;
  private final OrphanFiles orphans;

  StoredUpkeep(Path warehouse, StoredTables tables, Files files, OrphanFiles orphans) {
    this.warehouse = warehouse;
    this.tables = tables;
    this.files = files;
    this.orphans = orphans;
  }

  /**
   * Forgets what was replaced or dropped before an instant, and removes its files.
   *
   * @param orphan files that nothing refers to are removed when they are older
   * @return how many snapshots were forgotten
   */
  int removeReplacedBefore(Instant instant, Instant orphan) throws IOException {
    int[] forgotten = {0};
    tables.exclusively(live -> {
      Set<Path> folders = new HashSet<>();
      for (Table table : live) {
        folders.add(Path.of(table.location()));
        forgotten[0] += expire(table, instant);
      }
      for (Path folder : foldersBut(folders)) {
        if (isOver(folder, instant, orphan)) {
          removeTree(folder);
        }
      }
    });
    return forgotten[0];
  }

  /** Removes old files that no stored table refers to; answers how many. */
  int removeOrphans(Instant before) throws IOException {
    int[] removed = {0};
    tables.exclusively(live -> {
      for (Table table : live) {
        removed[0] += orphans.remove(table, before);
      }
    });
    return removed[0];
  }

  private int expire(Table table, Instant instant) {
    Set<Long> named = new HashSet<>();
    table.refs().values().stream().map(SnapshotRef::snapshotId).forEach(named::add);
    List<Snapshot> inOrder = new ArrayList<>();
    table.snapshots().forEach(inOrder::add);
    inOrder.sort(Comparator.comparingLong(Snapshot::sequenceNumber));
    List<Long> old = new ArrayList<>();
    for (int i = 0; i + 1 < inOrder.size(); i++) {
      Snapshot snapshot = inOrder.get(i);
      boolean isReplaced = !TableState.committedAt(inOrder.get(i + 1)).isAfter(instant);
      if (isReplaced && !named.contains(snapshot.snapshotId())) {
        old.add(snapshot.snapshotId());
      }
    }
    if (!old.isEmpty()) {
      // nothing by its age: a snapshot of last year may have been replaced a second ago
      ExpireSnapshots expiry = table.expireSnapshots().expireOlderThan(0).retainLast(1);
      old.forEach(expiry::expireSnapshotId);
      expiry.cleanExpiredMetadata(true).deleteWith(this::remove).commit();
    }
    return old.size();
  }

  private void remove(String useless) {
    try {
      files.delete(Path.of(useless));
    } catch (IOException e) {
      LOG.warn("{} is of no use any more and stays until it is collected", useless, e);
    }
  }

  private List<Path> foldersBut(Set<Path> live) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> below = java.nio.file.Files.walk(warehouse, 2)) {
      below
          .filter(path -> FOLDER.matcher(path.getFileName().toString()).matches())
          .filter(path -> java.nio.file.Files.isDirectory(path) && !live.contains(path))
          .forEach(found::add);
    }
    return found;
  }

  private static boolean isOver(Path folder, Instant dropped, Instant orphan) throws IOException {
    Path marker = folder.resolve(StoredTables.DROPPED);
    if (java.nio.file.Files.exists(marker)) {
      return !modified(marker).isAfter(dropped);
    }
    for (Path file : tree(folder)) {
      if (!modified(file).isBefore(orphan)) {
        return false;
      }
    }
    return true;
  }

  private static Instant modified(Path file) throws IOException {
    return java.nio.file.Files.getLastModifiedTime(file).toInstant();
  }

  private static List<Path> tree(Path folder) throws IOException {
    try (Stream<Path> all = java.nio.file.Files.walk(folder)) {
      return all.toList();
    }
  }

  /** The marker goes last: after a crash the rest still is a dropped table's. */
  private void removeTree(Path folder) throws IOException {
    Path marker = folder.resolve(StoredTables.DROPPED);
    List<Path> all = new ArrayList<>(tree(folder));
    all.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    for (Path path : all) {
      if (!path.equals(marker) && !path.equals(folder)) {
        java.nio.file.Files.delete(path);
      }
    }
    java.nio.file.Files.deleteIfExists(marker);
    java.nio.file.Files.delete(folder);
    LOG.info("{} belonged to no table any more and was removed", folder);
  }
}
