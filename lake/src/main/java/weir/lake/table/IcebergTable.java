package weir.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;
import weir.event.Positions;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableState;

/**
 * An Iceberg table as an {@link EventTable}, and what else is committed to it: compactions,
 * deletions of days, expiry of snapshots. {@link TableCommits} says how.
 */
public final class IcebergTable implements EventTable {
  private static final int APPEND_ATTEMPTS = 8;
  private static final int UPKEEP_ATTEMPTS = 32;
  private static final List<String> PATH_AND_ROWS =
      List.of("file_path", "file_format", "partition", "record_count", "file_size_in_bytes");

  private final Table table;
  private final TableLayout layout;
  private final TableFiles files;
  private final TableCommits commits;

  public IcebergTable(Table table, TableLayout layout, TableFiles files, InstantSource clock) {
    this.table = table;
    this.layout = layout;
    this.files = files;
    this.commits = new TableCommits(table, clock);
  }

  public Table table() {
    return table;
  }

  /** Whether nobody else has given it columns, partitions or deleted rows. */
  public boolean isOurs() {
    Snapshot snapshot = table.currentSnapshot();
    return TableLayout.isOurs(table.schema())
        && table.specs().size() == 1
        && (snapshot == null || !hasDeletes(snapshot));
  }

  public TableLayout layout() {
    return layout;
  }

  @Override
  public IcebergRowWriter newWriter() {
    return new IcebergRowWriter(table, layout, files);
  }

  @Override
  public Positions committedUpTo() throws IOException {
    return state().position();
  }

  public TableState state() throws IOException {
    try {
      table.refresh();
      return TableState.of(table);
    } catch (RuntimeException e) {
      throw new IOException("cannot read " + table.name(), e);
    }
  }

  @Override
  public CommitResult commit(List<DataFile> newFiles, Positions from, Positions upTo)
      throws IOException {
    if (!upTo.covers(from)) {
      throw new IllegalArgumentException("a commit would go back from " + from + " to " + upTo);
    }
    long rows = newFiles.stream().mapToLong(DataFile::recordCount).sum();
    TableCommits.Outcome outcome =
        commits.commit(
            commitId(newFiles),
            APPEND_ATTEMPTS,
            (state, attempt) -> {
              if (!state.position().equals(from)) {
                return null;
              }
              AppendFiles append = table.newAppend();
              newFiles.forEach(append::appendFile);
              return new TableCommits.Planned(append, state.appended(upTo, rows));
            });
    return switch (outcome) {
      case TableCommits.Outcome.Done ignored -> {
        files.settle(newFiles);
        yield new CommitResult.Committed(upTo);
      }
      case TableCommits.Outcome.Refused refused ->
          new CommitResult.Conflict(refused.state().position());
    };
  }

  /**
   * Puts files in the place of others, which must hold the same rows but for duplicates.
   *
   * @param replacements made by this table's files; removed where they become no part of it
   * @return whether the new files are part of the table; if not, since one of the others is none
   *     any more, nothing has changed
   * @throws OutcomeUnknownException if nobody knows
   * @throws IOException if it is certain that nothing has changed
   */
  public boolean replace(List<DataFile> old, List<DataFile> replacements, long duplicates)
      throws IOException {
    return exchange(
        commitId(replacements),
        replacements,
        (state, attempt) -> {
          Snapshot base = table.currentSnapshot();
          if (base == null || hasDeletes(base) || (attempt > 0 && !areLive(old))) {
            return null;
          }
          RewriteFiles rewrite = table.newRewrite().validateFromSnapshot(base.snapshotId());
          old.forEach(rewrite::deleteFile);
          replacements.forEach(rewrite::addFile);
          return new TableCommits.Planned(rewrite, state.withoutDuplicates(duplicates));
        });
  }

  /** Whether a commit of this id is part of the table. */
  public boolean has(String commitId) throws IOException {
    state();
    return TableState.has(table, commitId);
  }

  /**
   * Puts files in the place of others, from which rows were left out.
   *
   * @param id of the commit, which is made at most once
   * @param replacements made by this table's files; removed where they become no part of it
   * @param rows that were left out
   * @return whether that is part of the table; if not, since one of the others is none any more,
   *     nothing has changed
   * @throws OutcomeUnknownException if nobody knows
   * @throws IOException if it is certain that nothing has changed
   */
  public boolean erase(String id, List<DataFile> old, List<DataFile> replacements, long rows)
      throws IOException {
    return exchange(
        id,
        replacements,
        (state, attempt) -> {
          if (!isOurs() || !areLive(old)) {
            return null;
          }
          OverwriteFiles overwrite = table.newOverwrite();
          old.forEach(overwrite::deleteFile);
          replacements.forEach(overwrite::addFile);
          return new TableCommits.Planned(overwrite, state.withoutErased(rows), true);
        });
  }

  /** Files that it is certain nobody has are removed. */
  private boolean exchange(String id, List<DataFile> replacements, TableCommits.Plan plan)
      throws IOException {
    TableCommits.Outcome outcome;
    try {
      outcome = commits.commit(id, UPKEEP_ATTEMPTS, plan);
    } catch (OutcomeUnknownException e) {
      files.settle(replacements);
      throw e;
    } catch (IOException e) {
      files.discard(replacements);
      throw e;
    }
    switch (outcome) {
      case TableCommits.Outcome.Done ignored -> files.settle(replacements);
      case TableCommits.Outcome.Refused ignored -> files.discard(replacements);
    }
    return outcome instanceof TableCommits.Outcome.Done;
  }

  /** Whether somebody has deleted rows of files, which is none of our ways. */
  private boolean hasDeletes(Snapshot snapshot) {
    return !snapshot.deleteManifests(table.io()).isEmpty();
  }

  private boolean areLive(List<DataFile> old) throws IOException {
    Set<String> missing = new HashSet<>();
    old.forEach(file -> missing.add(file.location()));
    for (DataFile file : liveFiles()) {
      missing.remove(file.location());
    }
    return missing.isEmpty();
  }

  private List<DataFile> liveFiles() throws IOException {
    List<DataFile> live = new ArrayList<>();
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot != null) {
      for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
        try (ManifestReader<DataFile> reader =
            ManifestFiles.read(manifest, table.io(), table.specs()).select(PATH_AND_ROWS)) {
          reader.forEach(file -> live.add(file.copyWithoutStats()));
        }
      }
    }
    return live;
  }

  /**
   * Removes all files of the days before one.
   *
   * @return how many rows they had
   * @throws IOException if it is not certain that they are removed
   */
  public long dropBefore(LocalDate first) throws IOException {
    long[] rows = {0};
    TableCommits.Outcome outcome =
        commits.commit(
            UUID.randomUUID().toString(),
            UPKEEP_ATTEMPTS,
            (state, attempt) -> {
              DeleteFiles delete = table.newDelete();
              rows[0] = 0;
              int count = 0;
              for (DataFile file : liveFiles()) {
                if (file.partition().get(0, Integer.class) < first.toEpochDay()) {
                  delete.deleteFile(file);
                  rows[0] += file.recordCount();
                  count++;
                }
              }
              delete.validateFilesExist();
              return count == 0
                  ? null
                  : new TableCommits.Planned(delete, state.withoutExpired(rows[0]));
            });
    return switch (outcome) {
      case TableCommits.Outcome.Done ignored -> rows[0];
      case TableCommits.Outcome.Refused ignored -> 0;
    };
  }

  private static String commitId(List<DataFile> newFiles) {
    if (newFiles.isEmpty()) {
      return UUID.randomUUID().toString();
    }
    return String.valueOf(Path.of(newFiles.getFirst().location()).getFileName());
  }

  /**
   * Forgets the snapshots that were replaced by another one before an instant, deletes the files
   * that only they named, and forgets schemas that no snapshot has.
   *
   * <p>A snapshot's own age does not matter: one of last week that was current until a second ago
   * may be in use by a query that began then. What has a name stays.
   *
   * @return how many snapshots were forgotten
   */
  public int expireSnapshotsReplacedBefore(Instant instant) throws IOException {
    try {
      table.refresh();
      Snapshot current = currentAt(instant);
      List<Long> older = current == null ? List.of() : olderThan(current);
      if (current == null || older.isEmpty()) {
        return 0;
      }
      // that an id is named makes Iceberg delete what nothing reaches any more; otherwise it would
      // leave what the kept snapshot itself has replaced
      table
          .expireSnapshots()
          .expireSnapshotId(older.getFirst())
          .expireOlderThan(current.timestampMillis())
          .retainLast(1)
          .cleanExpiredMetadata(true)
          .deleteWith(commits::remove)
          .commit();
      return older.size();
    } catch (RuntimeException e) {
      throw new IOException("old snapshots of " + table.name() + " stay for now", e);
    }
  }

  /** The snapshot that was current at an instant, or an older one that the state is kept in. */
  private @Nullable Snapshot currentAt(Instant instant) {
    Snapshot bearer = TableState.bearer(SnapshotUtil.currentAncestors(table));
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      if (!TableState.committedAt(snapshot).isAfter(instant)) {
        return bearer != null && bearer.timestampMillis() < snapshot.timestampMillis()
            ? bearer
            : snapshot;
      }
    }
    return null;
  }

  private List<Long> olderThan(Snapshot snapshot) {
    Set<Long> named = new HashSet<>();
    table.refs().values().forEach(ref -> named.add(ref.snapshotId()));
    List<Long> older = new ArrayList<>();
    for (Snapshot other : table.snapshots()) {
      if (!named.contains(other.snapshotId())
          && other.timestampMillis() < snapshot.timestampMillis()) {
        older.add(other.snapshotId());
      }
    }
    return older;
  }
}
