package weir.lake.reading;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import weir.lake.AsOf;
import weir.lake.LakeSnapshot;
import weir.lake.NoSnapshotException;
import weir.lake.StoredTable;
import weir.lake.catalog.SnapshotTags;
import weir.lake.catalog.TableState;

/** Finds the snapshot of a table that an earlier state names. */
final class AsOfReading {
  private AsOfReading() {}

  /**
   * A project's own table's snapshot; null where the table had none yet.
   *
   * @throws NoSnapshotException if it is not known (any more)
   */
  static @Nullable Snapshot of(Table table, AsOf asOf) throws NoSnapshotException {
    return switch (asOf) {
      case AsOf.Name name -> named(table, name.name());
      case AsOf.Time time -> newest(table, time.time());
    };
  }

  private static Snapshot named(Table table, String name) throws NoSnapshotException {
    Snapshot found = SnapshotTags.find(table, name);
    if (found == null) {
      throw noName(name, SnapshotTags.of(table).keySet());
    }
    return found;
  }

  static NoSnapshotException noName(String name, Set<String> known) {
    return new NoSnapshotException(
        "there is no snapshot "
            + name
            + (known.isEmpty() ? "" : "; there are " + String.join(", ", new TreeSet<>(known)))
            + (Character.isDigit(name.charAt(0))
                ? "; a time is written like 2026-01-31T10:00:00Z"
                : ""));
  }

  private static @Nullable Snapshot newest(Table table, Instant time) throws NoSnapshotException {
    Snapshot oldest = null;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (!TableState.committedAt(snapshot).isAfter(time)) {
        return snapshot;
      }
      oldest = snapshot;
    }
    if (oldest != null && oldest.parentId() != null) {
      throw new NoSnapshotException(
          "the tables as of "
              + time
              + " are not kept any more, but as of "
              + TableState.committedAt(oldest)
              + " and later; a named snapshot is kept");
    }
    return null;
  }

  /** A stored table's snapshot; null if it was not there, or is not known any more. */
  static @Nullable Snapshot ofStored(Table table, AsOf asOf) {
    return switch (asOf) {
      case AsOf.Name name -> SnapshotTags.find(table, name.name());
      case AsOf.Time time -> {
        Snapshot newest = null;
        for (Snapshot snapshot : table.snapshots()) {
          boolean isInTime = !TableState.committedAt(snapshot).isAfter(time.time());
          boolean isNewer = newest == null || snapshot.sequenceNumber() > newest.sequenceNumber();
          if (isInTime && isNewer) {
            newest = snapshot;
          }
        }
        yield newest;
      }
    };
  }

  /** A project's stored tables at an earlier state: each is read when it is asked for. */
  static final class Stored implements LakeSnapshot.Stored {
    private final LakeReader reader;
    private final String project;
    private final AsOf asOf;

    Stored(LakeReader reader, String project, AsOf asOf) {
      this.reader = reader;
      this.project = project;
      this.asOf = asOf;
    }

    @Override
    public Set<String> names() throws IOException {
      Set<String> names = new TreeSet<>();
      all().forEach(table -> names.add(table.name()));
      return names;
    }

    @Override
    public Optional<StoredTable> find(String name) throws IOException {
      return reader.storedNames(project).contains(name)
          ? reader.stored(project, name, asOf)
          : Optional.empty();
    }

    @Override
    public List<StoredTable> all() throws IOException {
      List<StoredTable> all = new ArrayList<>();
      for (String name : reader.storedNames(project)) {
        find(name).ifPresent(all::add);
      }
      return all;
    }
  }
}
