package weir.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.Position;

/**
 * An Iceberg table as an {@link EventTable}.
 *
 * <p>A commit bears an id made of its first file's name. Before each attempt the table is read: it
 * may have that id already (an answer was lost, or the same files came again), or stand elsewhere
 * than the writer thinks (another writer took over). Each attempt of Iceberg's own, too, checks the
 * position against the snapshot that it builds on. What Iceberg wants to delete after a failure is
 * deleted only when the table was read and does not have the commit.
 */
final class IcebergTable implements EventTable {
  private static final Logger LOG = LoggerFactory.getLogger(IcebergTable.class);
  private static final int ATTEMPTS = 4;
  private static final int SNAPSHOTS_KEPT = 20;

  private final Table table;
  private final TableLayout layout;
  private final TableFiles files;

  IcebergTable(Table table, TableLayout layout, TableFiles files) {
    this.table = table;
    this.layout = layout;
    this.files = files;
  }

  Table table() {
    return table;
  }

  @Override
  public IcebergRowWriter newWriter() {
    return new IcebergRowWriter(table, layout, files);
  }

  @Override
  public Position committedUpTo() throws IOException {
    return state().position();
  }

  TableState state() throws IOException {
    try {
      table.refresh();
      return TableState.of(table);
    } catch (RuntimeException e) {
      throw new IOException("cannot read " + table.name(), e);
    }
  }

  @Override
  public CommitResult commit(List<DataFile> newFiles, Position from, Position upTo)
      throws IOException {
    String id = commitId(newFiles);
    List<String> leftovers = new ArrayList<>();
    RuntimeException failure = null;
    for (int attempt = 0; attempt <= ATTEMPTS; attempt++) {
      TableState state;
      try {
        table.refresh();
        if (TableState.has(table, id)) {
          return new CommitResult.Committed(upTo);
        }
        state = TableState.of(table);
      } catch (RuntimeException e) {
        return new CommitResult.Unknown(e);
      }
      remove(leftovers);
      if (!state.position().equals(from)) {
        return new CommitResult.Conflict(state.position());
      }
      if (attempt < ATTEMPTS) {
        failure = append(newFiles, from, upTo, id, state, leftovers);
        if (failure == null) {
          remove(leftovers);
          return new CommitResult.Committed(upTo);
        }
        LOG.warn("commit {} to {} did not succeed", id, table.name(), failure);
      }
    }
    throw new IOException("cannot commit to " + table.name(), failure);
  }

  private @Nullable RuntimeException append(
      List<DataFile> newFiles,
      Position from,
      Position upTo,
      String id,
      TableState state,
      List<String> leftovers) {
    long rows = newFiles.stream().mapToLong(DataFile::recordCount).sum();
    AppendFiles append = table.newAppend();
    newFiles.forEach(append::appendFile);
    new TableState(upTo, state.loadedTotal() + rows).writeTo(append, id);
    append.deleteWith(leftovers::add);
    append.validateWith(ancestry -> TableState.of(ancestry).position().equals(from));
    try {
      append.commit();
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  private static String commitId(List<DataFile> newFiles) {
    if (newFiles.isEmpty()) {
      return UUID.randomUUID().toString();
    }
    return String.valueOf(Path.of(newFiles.getFirst().location()).getFileName());
  }

  private void remove(List<String> leftovers) {
    for (String leftover : leftovers) {
      try {
        table.io().deleteFile(leftover);
      } catch (RuntimeException e) {
        LOG.warn("{} is of no use any more and stays", leftover, e);
      }
    }
    leftovers.clear();
  }

  /** Forgets snapshots older than an age; the files of the table stay. */
  void expireSnapshots(Instant now, Duration age) {
    try {
      table
          .expireSnapshots()
          .expireOlderThan(now.minus(age).toEpochMilli())
          .retainLast(SNAPSHOTS_KEPT)
          .commit();
    } catch (RuntimeException e) {
      LOG.warn("old snapshots of {} stay until the next try", table.name(), e);
    }
  }
}
