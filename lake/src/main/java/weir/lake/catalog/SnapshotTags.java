package weir.lake.catalog;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Named snapshots of one table: Iceberg tags that are kept for ever, each with a property that says
 * when it was named, and that it is ours.
 */
public final class SnapshotTags {
  private static final String NAMED_AT = "weir.snapshot.";
  private static final int ATTEMPTS = 32;

  private SnapshotTags() {}

  /** When the snapshots of a table were named, by name. */
  public static Map<String, Instant> of(Table table) {
    Map<String, Instant> tags = new TreeMap<>();
    table
        .properties()
        .forEach((key, value) -> {
          if (key.startsWith(NAMED_AT)) {
            String name = key.substring(NAMED_AT.length());
            SnapshotRef ref = table.refs().get(name);
            if (ref != null && ref.isTag()) {
              tags.put(name, Instant.parse(value));
            }
          }
        });
    return tags;
  }

  /** The snapshot of a name; null if there is none. */
  public static @Nullable Snapshot find(Table table, String name) {
    SnapshotRef ref = table.refs().get(name);
    return ref != null && of(table).containsKey(name) ? table.snapshot(ref.snapshotId()) : null;
  }

  /** Names the snapshot that is current, which must be there. */
  public static void set(Table table, String name, Instant at) {
    change(
        table,
        name,
        change -> {
          Snapshot current = change.table().currentSnapshot();
          if (change.table().refs().containsKey(name)) {
            change.manageSnapshots().replaceTag(name, current.snapshotId()).commit();
          } else {
            change.manageSnapshots().createTag(name, current.snapshotId()).commit();
          }
          change.updateProperties().set(NAMED_AT + name, at.toString()).commit();
        });
  }

  /** Forgets a name; its snapshot may go now. */
  public static void remove(Table table, String name) {
    change(
        table,
        name,
        change -> {
          if (change.table().refs().containsKey(name)) {
            change.manageSnapshots().removeTag(name).commit();
          }
          change.updateProperties().remove(NAMED_AT + name).commit();
        });
  }

  /** Forgets the names that are none of some. */
  public static void keepOnly(Table table, Set<String> names) {
    for (String key : Set.copyOf(table.properties().keySet())) {
      if (key.startsWith(NAMED_AT) && !names.contains(key.substring(NAMED_AT.length()))) {
        remove(table, key.substring(NAMED_AT.length()));
      }
    }
  }

  private interface Change {
    void in(Transaction transaction);
  }

  /** Both of tag and property or none; again where an append was faster. */
  private static void change(Table table, String name, Change change) {
    for (int attempt = 1; ; attempt++) {
      table.refresh();
      Transaction transaction = table.newTransaction();
      change.in(transaction);
      try {
        transaction.commitTransaction();
        table.refresh();
        return;
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
