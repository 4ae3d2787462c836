package weir.lake.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.catalog.FileMetrics;
import weir.lake.catalog.SyncedFolders;
import weir.lake.catalog.TableLayout;
import weir.lake.rows.OrderedRows;
import weir.lake.rows.ParquetEngine;
import weir.lake.rows.RowBuffer;
import weir.log.files.Files;

/**
 * Makes the data files of tables: creates them under names that nobody else has, and makes them
 * durable. Knows those that no table has yet, so that nobody takes them for garbage.
 */
public final class TableFiles {
  /** How the names of data files end. */
  static final String SUFFIX = ".parquet";

  private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

  private final Files files;
  private final SyncedFolders folders;
  private final ParquetEngine engine;
  private final Set<Path> inProgress = ConcurrentHashMap.newKeySet();

  public TableFiles(Files files, SyncedFolders folders, ParquetEngine engine) {
    this.files = files;
    this.folders = folders;
    this.engine = engine;
  }

  /**
   * Writes all rows of a buffer, a file a day; the table's schema must have all columns that the
   * buffer uses. After a failure the files of this call are removed: nothing refers to them yet.
   */
  List<DataFile> write(Table table, TableLayout layout, RowBuffer buffer) throws IOException {
    List<ParquetEngine.FileColumn> all = fileColumns(table, buffer);
    return make(created -> {
      List<DataFile> written = new ArrayList<>();
      for (OrderedRows.Day day : buffer.ordered().days()) {
        BitSet used = day.usedColumns();
        List<ParquetEngine.FileColumn> columns =
            all.stream().filter(column -> used.get(column.number())).toList();
        Path file = create(table, day.day(), created);
        ParquetEngine.Written result = engine.write(day, columns, file);
        Metrics metrics =
            FileMetrics.of(layout, table.schema(), result.rows(), result.columnBytes(), day);
        written.add(finish(table, day.day(), file, result.bytes(), metrics));
      }
      return written;
    });
  }

  /** Writes files. */
  public interface Making<T> {
    /**
     * @param created takes the path of each file that was created
     */
    T make(List<Path> created) throws IOException;
  }

  /**
   * Makes files and their names durable, or removes them if that fails.
   *
   * @return what the making returns
   */
  public <T> T make(Making<T> making) throws IOException {
    List<Path> created = new ArrayList<>();
    try {
      T result = making.make(created);
      folders.sync(created);
      return result;
    } catch (IOException | RuntimeException e) {
      remove(created);
      throw e;
    }
  }

  /** Creates an empty file for rows of one day. */
  public Path create(Table table, int day, List<Path> created) throws IOException {
    Path file =
        Path.of(
            table
                .locationProvider()
                .newDataLocation(table.spec(), partition(table, day), UUID.randomUUID() + SUFFIX));
    inProgress.add(file);
    created.add(file);
    files.create(file).close();
    return file;
  }

  /** Syncs a file that is complete, and describes it. */
  public DataFile finish(Table table, int day, Path file, long bytes, Metrics metrics)
      throws IOException {
    files.sync(file);
    return DataFiles.builder(table.spec())
        .withPath(file.toString())
        .withFormat(FileFormat.PARQUET)
        .withPartition(partition(table, day))
        .withFileSizeInBytes(bytes)
        .withMetrics(metrics)
        .withSortOrder(table.sortOrder())
        .build();
  }

  static PartitionData partition(Table table, int day) {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    partition.set(0, day);
    return partition;
  }

  /** A file of the table as a commit names it. */
  public static DataFile dataFile(Table table, LakeFile file) {
    return DataFiles.builder(table.spec())
        .withPath(file.path().toString())
        .withFormat(FileFormat.PARQUET)
        .withPartition(partition(table, (int) file.day().toEpochDay()))
        .withFileSizeInBytes(file.bytes())
        .withRecordCount(file.rows())
        .build();
  }

  /** Whether a file was made here and its commit is not decided yet. */
  public boolean isInProgress(Path file) {
    return inProgress.contains(file);
  }

  /** Says that files are part of a table now, or that their fate is the table's to tell. */
  void settle(List<DataFile> decided) {
    decided.forEach(file -> inProgress.remove(Path.of(file.location())));
  }

  /** Removes files that are part of no table and never will be. */
  void discard(List<DataFile> useless) {
    remove(useless.stream().map(file -> Path.of(file.location())).toList());
  }

  private void remove(List<Path> useless) {
    for (Path file : useless) {
      try {
        files.delete(file);
      } catch (IOException e) {
        LOG.warn("{} belongs to no table and stays until it is collected", file, e);
      }
      inProgress.remove(file);
    }
  }

  /** The columns that have values, in table order: a column without any costs nothing. */
  private static List<ParquetEngine.FileColumn> fileColumns(Table table, RowBuffer buffer) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int number = 0; number < buffer.columns().size(); number++) {
      if (buffer.isUsed(number)) {
        numbers.put(buffer.columns().get(number).name(), number);
      }
    }
    List<ParquetEngine.FileColumn> columns = new ArrayList<>();
    for (LakeColumn column : TableLayout.columnsOf(table.schema())) {
      Integer number = numbers.remove(column.name());
      if (number != null) {
        RowBuffer.Column pending = buffer.columns().get(number);
        if (pending.type() != column.type()) {
          throw new IllegalStateException(
              column.name() + " is " + column.type() + " in the table, not " + pending.type());
        }
        columns.add(new ParquetEngine.FileColumn(number, column));
      }
    }
    if (!numbers.isEmpty()) {
      throw new IllegalStateException(table.name() + " lacks columns " + numbers.keySet());
    }
    return columns;
  }
}
