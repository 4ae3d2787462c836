package weir.lake.stored;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.lake.StoredColumn;
import weir.lake.catalog.StoredTypes;
import weir.lake.rows.ParquetEngine;

/** Converts within this process, by a DuckDB that reaches nothing but the output's folder. */
final class DuckConversion implements TableConversion {
  private static final int MOST_COLUMNS = 2_000;

  private final long memoryBytes;
  private final LongSupplier ticker;

  /**
   * @param memoryBytes of DuckDB
   * @param ticker nanoseconds
   */
  DuckConversion(long memoryBytes, LongSupplier ticker) {
    this.memoryBytes = memoryBytes;
    this.ticker = ticker;
  }

  @Override
  public Converted convert(Request request, BooleanSupplier cancelled)
      throws UnreadableInputException, IOException {
    Path folder = request.output().getParent();
    if (folder == null || !folder.equals(request.input().file().getParent())) {
      throw new IllegalArgumentException("input and output must be in one folder");
    }
    try (ConversionWatch watch =
            new ConversionWatch(request.limits(), request.output(), cancelled, ticker);
        StoredFileWriter writer = new StoredFileWriter(folder, memoryBytes)) {
      return convert(request, writer, watch);
    }
  }

  private static Converted convert(Request request, StoredFileWriter writer, ConversionWatch watch)
      throws UnreadableInputException, IOException {
    StoredInput input = request.input();
    checkKind(input);
    CsvShape shape = null;
    String source = StoredFileWriter.parquet(input.file());
    if (input.format() == StoredInput.Format.CSV) {
      shape = CsvShape.of(input.file(), input.types(), watch);
      checkColumns(shape.columns().size());
      source = StoredFileWriter.csv(input.file(), shape);
    }
    Map<String, String> types = writer.columns(source, watch);
    checkColumns(types.size());
    if (shape == null && writer.rowsOf(input.file(), watch) > watch.rowLimit()) {
      throw watch.tooManyRows();
    }
    List<StoredColumn> columns = columns(types, request.ids());
    ParquetEngine.Written written = writer.write(source, types, columns, request.output(), watch);
    watch.check();
    checkRows(written.rows(), shape, watch);
    return new Converted(written.rows(), written.bytes(), columns);
  }

  /** Says what a file seems to be that is something else than it was said to be. */
  private static void checkKind(StoredInput input) throws UnreadableInputException, IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(input.file())) {
      head = in.readNBytes(ForeignFormat.HEAD);
    }
    String kind = ForeignFormat.of(head).map(ForeignFormat::described).orElse("");
    boolean isParquet = ForeignFormat.startsWith(head, 'P', 'A', 'R', '1');
    if (ForeignFormat.startsWith(head, 0x1f, 0x8b)) {
      kind = "compressed by gzip: unpack it, or send it with Content-Encoding: gzip";
    } else if (ForeignFormat.startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      kind = "compressed by zstd: unpack it";
    } else if (ForeignFormat.startsWith(head, 0xff, 0xfe)
        || ForeignFormat.startsWith(head, 0xfe, 0xff)) {
      kind = "UTF-16: convert it, for instance: iconv -f UTF-16 -t UTF-8";
    } else if (!isParquet && ForeignFormat.isJson(head)) {
      kind = "JSON: tables are made of CSV or Parquet, convert it";
    } else if (isParquet && input.format() == StoredInput.Format.CSV) {
      kind = "Parquet: send it with Content-Type: application/vnd.apache.parquet";
    }
    if (!kind.isEmpty()) {
      throw new UnreadableInputException("the file seems to be " + kind);
    }
  }

  private static void checkColumns(int count) throws UnreadableInputException {
    if (count == 0 || count > MOST_COLUMNS) {
      throw new UnreadableInputException(
          "a table has 1 to " + MOST_COLUMNS + " columns, not " + count);
    }
  }

  private static void checkRows(long written, @Nullable CsvShape shape, ConversionWatch watch)
      throws UnreadableInputException {
    if (written > watch.rowLimit()) {
      throw watch.tooManyRows();
    }
    if (shape != null && shape.rows() != written) {
      throw new UnreadableInputException(
          "it is not clear where its rows end: "
              + shape.rows()
              + " or "
              + written
              + " rows; a quote within quotes must be doubled");
    }
  }

  /** Columns that the table has keep their ids; others get the next ones, in order. */
  private static List<StoredColumn> columns(Map<String, String> types, FieldIds ids) {
    List<StoredColumn> columns = new ArrayList<>();
    int last = ids.last();
    for (Map.Entry<String, String> column : types.entrySet()) {
      Integer known = ids.known().get(column.getKey());
      int id = known == null ? ++last : known;
      columns.add(new StoredColumn(column.getKey(), StoredTypes.kept(column.getValue()), id));
    }
    return columns;
  }
}
