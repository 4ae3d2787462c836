package weir.lake.upkeep;

import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.FileMetrics;
import weir.lake.catalog.Spill;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.table.IcebergTable;
import weir.lake.table.TableFiles;

/**
 * Merges small files of tables, a batch at a time: files of as many days as make one file of the
 * target size together, since each commit has a price of its own. Used by one thread, but for
 * {@link #cancel()}.
 *
 * <p>The merged files are written and durable before the commit that puts them in the place of
 * others. Where one of those has gone from the table meanwhile (a retention, another compaction),
 * the work was in vain; where rows were appended meanwhile, only the commit is made again.
 */
final class Compactor {
  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
  private static final int MAX_GROUPS = 1_000;

  private final TableFiles files;
  private final Path spill;
  private final UpkeepOptions options;
  private final UpkeepMeters meters;
  private final CompactionTiers tiers;
  private final Map<TableName, Map<LocalDate, Seen>> watched = new HashMap<>();
  private volatile @Nullable FileMerger merger;
  private volatile boolean cancelled;
  private boolean spillCleared;

  /**
   * A day's files as they have been for a while.
   *
   * @param files a hash of their names
   */
  private record Seen(long files, Instant since) {}

  /** Files that one file is to replace. */
  private record Group(LocalDate day, List<LakeFile> files) {
    long bytes() {
      return files.stream().mapToLong(LakeFile::bytes).sum();
    }
  }

  private record Replacement(List<DataFile> files, long duplicates) {}

  Compactor(TableFiles files, Path spill, UpkeepOptions options, UpkeepMeters meters) {
    this.files = files;
    this.spill = spill;
    this.options = options;
    this.meters = meters;
    this.tiers = new CompactionTiers(options.fileBytes());
  }

  /** Opens a table for a batch. */
  interface Opening {
    IcebergTable open() throws IOException;
  }

  /**
   * Merges one batch of a table's files.
   *
   * @param read the table as it was just read
   * @return whether there was anything to merge
   */
  boolean compact(TableName name, LakeTable read, Opening opening, Instant now) throws IOException {
    List<Group> batch = batch(name, read, now);
    if (batch.isEmpty()) {
      return false;
    }
    IcebergTable table = opening.open();
    if (!table.isOurs()) {
      LOG.debug("{} has columns, partitions or deletes of others and is not compacted", name);
      return false;
    }
    Timer.Sample sample = Timer.start();
    Replacement replacement = merge(table, batch);
    replace(name, table, batch, replacement);
    sample.stop(meters.compactions);
    return true;
  }

  private List<Group> batch(TableName name, LakeTable read, Instant now) {
    Map<LocalDate, List<LakeFile>> days = new TreeMap<>();
    for (LakeFile file : read.files()) {
      days.computeIfAbsent(file.day(), day -> new ArrayList<>()).add(file);
    }
    Map<LocalDate, Seen> before = watched.getOrDefault(name, Map.of());
    Map<LocalDate, Seen> seen = new HashMap<>();
    List<Group> batch = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<LocalDate, List<LakeFile>> day : days.entrySet()) {
      if (day.getValue().size() < 2) {
        continue;
      }
      Seen state = see(before.get(day.getKey()), day.getValue(), now);
      seen.put(day.getKey(), state);
      boolean rests = !now.isBefore(state.since().plus(options.quietDay()));
      int fan = rests ? CompactionTiers.NARROW_FAN : CompactionTiers.WIDE_FAN;
      Group group = new Group(day.getKey(), tiers.pick(day.getValue(), fan));
      boolean fits = batch.isEmpty() || bytes + group.bytes() <= options.fileBytes();
      if (!group.files().isEmpty() && fits && batch.size() < MAX_GROUPS) {
        batch.add(group);
        bytes += group.bytes();
      }
    }
    watched.put(name, seen);
    return batch;
  }

  private static Seen see(@Nullable Seen before, List<LakeFile> files, Instant now) {
    long hash = files.stream().mapToLong(file -> file.path().toString().hashCode()).sum();
    return before != null && before.files() == hash ? before : new Seen(hash, now);
  }

  private Replacement merge(IcebergTable table, List<Group> batch) throws IOException {
    if (!spillCleared) {
      Spill.clear(spill);
      spillCleared = true;
    }
    try (Spill own = Spill.in(spill);
        FileMerger opened = new FileMerger(options, own.folder())) {
      merger = opened;
      if (cancelled) {
        opened.cancel();
      }
      return files.make(created -> {
        List<DataFile> written = new ArrayList<>();
        long duplicates = 0;
        for (Group group : batch) {
          FileMerger.Merged merged = merge(opened, table, group, created, written);
          duplicates += merged.duplicates();
        }
        return new Replacement(written, duplicates);
      });
    } finally {
      merger = null;
    }
  }

  private FileMerger.Merged merge(
      FileMerger opened,
      IcebergTable table,
      Group group,
      List<Path> created,
      List<DataFile> written)
      throws IOException {
    Table iceberg = table.table();
    int day = (int) group.day().toEpochDay();
    Path output = files.create(iceberg, day, created);
    FileMerger.Merged merged =
        opened.merge(
            table.layout(), TableLayout.columnsOf(iceberg.schema()), group.files(), output);
    written.add(
        files.finish(
            iceberg,
            day,
            output,
            merged.bytes(),
            FileMetrics.of(
                table.layout(),
                iceberg.schema(),
                merged.rows(),
                merged.columnBytes(),
                merged.bounds())));
    return merged;
  }

  private void replace(
      TableName name, IcebergTable table, List<Group> batch, Replacement replacement)
      throws IOException {
    List<DataFile> old =
        batch.stream()
            .flatMap(group -> group.files().stream())
            .map(file -> TableFiles.dataFile(table.table(), file))
            .toList();
    if (table.replace(old, replacement.files(), replacement.duplicates())) {
      long rows = replacement.files().stream().mapToLong(DataFile::recordCount).sum();
      meters.filesMerged.increment(old.size());
      meters.rowsMerged.increment((double) rows);
      meters.duplicates.increment((double) replacement.duplicates());
      LOG.debug("{}: {} files became {}", name, old.size(), replacement.files().size());
    } else {
      meters.conflicts.increment();
      LOG.info("{}: {} files were merged in vain; some are gone", name, old.size());
    }
  }

  /** Ends what is running, and all later batches, with an exception; from any thread. */
  void cancel() {
    cancelled = true;
    FileMerger running = merger;
    if (running != null) {
      running.cancel();
    }
  }
}
