package weir.lake.stored;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import weir.event.Positions;
import weir.lake.AsOf;
import weir.lake.NamedSnapshot;
import weir.lake.catalog.LakeCatalog;
import weir.lake.catalog.SnapshotTags;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.table.IcebergTable;
import weir.lake.table.LakeTables;

/**
 * Named snapshots of a project: what its tables held at one moment stays for as long as it has a
 * name, whatever is merged, expires or is replaced.
 *
 * <p>Each table has a tag of the name. That of {@code events} is set last and removed first, so
 * that it alone says whether there is such a snapshot; what a crash leaves of others goes with the
 * next upkeep. No table is stored or dropped meanwhile.
 */
public final class NamedSnapshots {
  private final LakeTables tables;
  private final JdbcCatalog catalog;
  private final StoredTables stored;
  private final InstantSource clock;

  public NamedSnapshots(
      LakeTables tables, JdbcCatalog catalog, StoredTables stored, InstantSource clock) {
    this.tables = tables;
    this.catalog = catalog;
    this.stored = stored;
    this.clock = clock;
  }

  /**
   * Names what the tables hold now, and may hold from commits meanwhile.
   *
   * @param name for which {@link AsOf#isName} holds
   * @return empty if there is a snapshot of this name already
   * @throws IOException if it is not certain that it is named; to name it again will do no harm
   */
  public Optional<NamedSnapshot> create(String project, String name) throws IOException {
    if (!AsOf.isName(name)) {
      throw new IllegalArgumentException("not a snapshot's name: '" + name + "'");
    }
    stored.lock();
    try {
      Table events = table(project, TableLayout.EVENTS);
      if (SnapshotTags.of(events).containsKey(name)) {
        return Optional.empty();
      }
      Instant at = clock.instant();
      for (Table table : stored.tables(project)) {
        SnapshotTags.set(table, name, at);
      }
      SnapshotTags.set(table(project, TableLayout.BAD_EVENTS), name, at);
      SnapshotTags.set(events, name, at);
      return Optional.of(named(project, events, name, at));
    } catch (RuntimeException e) {
      throw new IOException("cannot name a snapshot of " + project, e);
    } finally {
      stored.unlock();
    }
  }

  /** A table with at least one snapshot. */
  private Table table(String project, TableLayout layout) throws IOException {
    IcebergTable table = tables.open(new TableName(project, layout));
    table.state();
    if (table.table().currentSnapshot() == null) {
      table.commit(List.of(), Positions.START, Positions.START);
      table.state();
    }
    return table.table();
  }

  /** The tables there are besides {@code events}. */
  private List<Table> others(String project) throws IOException {
    List<Table> others = new ArrayList<>(stored.tables(project));
    existing(project, TableLayout.BAD_EVENTS).ifPresent(others::add);
    return others;
  }

  /** The snapshots of a project, by name. */
  public List<NamedSnapshot> list(String project) throws IOException {
    stored.lock();
    try {
      List<NamedSnapshot> all = new ArrayList<>();
      Optional<Table> events = existing(project, TableLayout.EVENTS);
      if (events.isPresent()) {
        for (Map.Entry<String, Instant> tag : SnapshotTags.of(events.get()).entrySet()) {
          all.add(named(project, events.get(), tag.getKey(), tag.getValue()));
        }
      }
      return all;
    } catch (RuntimeException e) {
      throw new IOException("cannot read the snapshots of " + project, e);
    } finally {
      stored.unlock();
    }
  }

  private Optional<Table> existing(String project, TableLayout layout) {
    TableIdentifier identifier = LakeCatalog.identifier(project, layout);
    return catalog.tableExists(identifier)
        ? Optional.of(catalog.loadTable(identifier))
        : Optional.empty();
  }

  private NamedSnapshot named(String project, Table events, String name, Instant at)
      throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    rows.put(TableLayout.EVENTS.tableName(), rows(events, name));
    for (Table table : others(project)) {
      if (SnapshotTags.of(table).containsKey(name)) {
        rows.put(table.name().substring(table.name().lastIndexOf('.') + 1), rows(table, name));
      }
    }
    return new NamedSnapshot(name, at, rows);
  }

  private static long rows(Table table, String name) {
    Snapshot snapshot = SnapshotTags.find(table, name);
    return snapshot == null
        ? 0
        : Long.parseLong(snapshot.summary().getOrDefault("total-records", "0"));
  }

  /**
   * Forgets a snapshot; what nothing else has goes in time.
   *
   * @return whether there was one
   */
  public boolean delete(String project, String name) throws IOException {
    stored.lock();
    try {
      Optional<Table> events = existing(project, TableLayout.EVENTS);
      if (events.isEmpty() || !SnapshotTags.of(events.get()).containsKey(name)) {
        return false;
      }
      SnapshotTags.remove(events.get(), name);
      forgetRemains(project, events.get());
      return true;
    } catch (RuntimeException e) {
      throw new IOException("cannot forget snapshot " + name + " of " + project, e);
    } finally {
      stored.unlock();
    }
  }

  /** Removes the tags that {@code events} does not have, unless a table is being stored. */
  public void forgetRemains(String project) throws IOException {
    if (!stored.tryLock()) {
      return;
    }
    try {
      Optional<Table> events = existing(project, TableLayout.EVENTS);
      if (events.isPresent()) {
        forgetRemains(project, events.get());
      }
    } catch (RuntimeException e) {
      throw new IOException("cannot forget what is left of snapshots of " + project, e);
    } finally {
      stored.unlock();
    }
  }

  private void forgetRemains(String project, Table events) throws IOException {
    Set<String> names = SnapshotTags.of(events).keySet();
    for (Table table : others(project)) {
      SnapshotTags.keepOnly(table, names);
    }
  }
}
