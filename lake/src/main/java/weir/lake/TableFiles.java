package weir.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.Files;

/** Writes pending rows to Parquet files, one a day, and makes them durable. */
final class TableFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

  private final Files files;
  private final SyncedFolders folders;
  private final ParquetEngine engine;

  TableFiles(Files files, SyncedFolders folders, ParquetEngine engine) {
    this.files = files;
    this.folders = folders;
    this.engine = engine;
  }

  /**
   * Writes all rows of a buffer; the table's schema must have all columns that the buffer uses.
   * After a failure the files of this call are removed: nothing refers to them yet.
   */
  List<DataFile> write(Table table, TableLayout layout, RowBuffer buffer) throws IOException {
    List<ParquetEngine.FileColumn> columns = fileColumns(table, buffer);
    List<Path> created = new ArrayList<>();
    List<DataFile> written = new ArrayList<>();
    try {
      for (OrderedRows.Day day : buffer.ordered().days()) {
        written.add(write(table, layout, day, columns, created));
      }
      folders.sync(created);
      return written;
    } catch (IOException | RuntimeException e) {
      created.forEach(this::remove);
      throw e;
    }
  }

  private DataFile write(
      Table table,
      TableLayout layout,
      OrderedRows.Day day,
      List<ParquetEngine.FileColumn> columns,
      List<Path> created)
      throws IOException {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    partition.set(0, day.day());
    Path file =
        Path.of(
            table
                .locationProvider()
                .newDataLocation(table.spec(), partition, UUID.randomUUID() + ".parquet"));
    files.create(file).close();
    created.add(file);
    ParquetEngine.Written result = engine.write(day, columns, file);
    files.sync(file);
    return DataFiles.builder(table.spec())
        .withPath(file.toString())
        .withFormat(FileFormat.PARQUET)
        .withPartition(partition)
        .withFileSizeInBytes(result.bytes())
        .withMetrics(FileMetrics.of(layout, table.schema(), day, result))
        .withSortOrder(table.sortOrder())
        .build();
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

  private void remove(Path file) {
    try {
      files.delete(file);
    } catch (IOException e) {
      LOG.warn("{} belongs to no table and stays", file, e);
    }
  }
}
