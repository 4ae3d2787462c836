package weir.lake.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.Positions;

/** An event table in memory; several may share one {@link Store}. */
public final class MemoryEventTable implements EventTable {
  /** What a table holds. */
  public static final class Store {
    private final Map<String, List<CleanEvent>> written = new HashMap<>();
    private final Set<String> committed = new HashSet<>();
    private final List<CleanEvent> rows = new ArrayList<>();
    private Positions position = Positions.START;

    public synchronized List<CleanEvent> rows() {
      return List.copyOf(rows);
    }
  }

  private final Store store;

  public MemoryEventTable(Store store) {
    this.store = store;
  }

  @Override
  public RowWriter newWriter() {
    return new Writer();
  }

  @Override
  public CommitResult commit(List<DataFile> files, Positions from, Positions upTo) {
    if (!upTo.covers(from)) {
      throw new IllegalArgumentException("back from " + from + " to " + upTo);
    }
    synchronized (store) {
      List<String> names = files.stream().map(DataFile::location).toList();
      if (!names.isEmpty() && store.committed.containsAll(names)) {
        return new CommitResult.Committed(upTo);
      }
      if (!store.position.equals(from)) {
        return new CommitResult.Conflict(store.position);
      }
      for (String name : names) {
        store.rows.addAll(store.written.getOrDefault(name, List.of()));
        store.committed.add(name);
      }
      store.position = upTo;
      return new CommitResult.Committed(upTo);
    }
  }

  @Override
  public Positions committedUpTo() {
    synchronized (store) {
      return store.position;
    }
  }

  private final class Writer implements RowWriter {
    private final List<CleanEvent> pending = new ArrayList<>();

    @Override
    public void add(CleanRecord row) {
      if (!(row instanceof CleanEvent event)) {
        throw new IllegalArgumentException("not an event: " + row);
      }
      pending.add(event);
    }

    @Override
    public int rows() {
      return pending.size();
    }

    @Override
    public long bytes() {
      return 1000L * pending.size();
    }

    @Override
    public List<DataFile> write() {
      if (pending.isEmpty()) {
        return List.of();
      }
      String name = "memory/" + UUID.randomUUID() + ".parquet";
      synchronized (store) {
        store.written.put(name, List.copyOf(pending));
      }
      return List.of(
          DataFiles.builder(PartitionSpec.unpartitioned())
              .withPath(name)
              .withFileSizeInBytes(1)
              .withRecordCount(pending.size())
              .build());
    }
  }
}
