package weir.lake.upkeep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.BadEventColumn;
import weir.lake.catalog.FileMetrics;
import weir.lake.catalog.OutcomeUnknownException;
import weir.lake.catalog.Spill;
import weir.lake.catalog.TableLayout;
import weir.lake.reading.LakeReader;
import weir.lake.rows.ParquetEngine;
import weir.lake.rows.SortedRows;
import weir.lake.table.IcebergTable;
import weir.lake.table.TableFiles;

/**
 * Takes events out of the lake again that bear a mark: those whose {@code library_version} is it,
 * or ends with it behind a space; and bad events whose payload contains it. All of a table go in
 * one commit, which replaces the files that hold such rows by files without them. Queries that run
 * go on with the old ones; older snapshots, and named ones, keep theirs.
 */
public final class LakeErasure {
  private static final Logger LOG = LoggerFactory.getLogger(LakeErasure.class);
  private static final int ATTEMPTS = 8;

  private final LakeReader reader;
  private final Opening tables;
  private final TableFiles files;
  private final Path spill;
  private final UpkeepOptions options;

  /** Opens a project's table for writing. */
  public interface Opening {
    IcebergTable open(String project, TableLayout layout) throws IOException;
  }

  /** Takes the events that are found, and hears how far the search is. */
  public interface Found {
    /**
     * @param receivedAt microseconds since 1970
     */
    void event(String eventId, long receivedAt) throws IOException;

    /** So many files of so many were looked at. */
    void progress(int done, int all);
  }

  /** Hears how far an erasure is. */
  public interface Progress {
    /** So many files of so many were written anew. */
    void rewritten(int done, int all);
  }

  private record Marked(LakeFile file, long rows) {}

  /**
   * Rows of a table.
   *
   * @param column that the condition needs
   */
  private record Rows(TableLayout layout, String column, String condition) {
    static Rows events(String mark) {
      return new Rows(
          TableLayout.EVENTS,
          EventColumn.LIBRARY_VERSION.columnName(),
          LakeErasure.condition(mark));
    }

    static Rows badEvents(String mark) {
      String payload = BadEventColumn.PAYLOAD.columnName();
      return new Rows(
          TableLayout.BAD_EVENTS,
          payload,
          "contains(" + ParquetEngine.quoted(payload) + ", " + SortedRows.text(mark) + ")");
    }
  }

  public LakeErasure(
      LakeReader reader, Opening tables, TableFiles files, Path spill, UpkeepOptions options) {
    this.reader = reader;
    this.tables = tables;
    this.files = files;
    this.spill = spill;
    this.options = options;
  }

  private static String condition(String mark) {
    String column = ParquetEngine.quoted(EventColumn.LIBRARY_VERSION.columnName());
    return column
        + " = "
        + SortedRows.text(mark)
        + " OR ends_with("
        + column
        + ", "
        + SortedRows.text(" " + mark)
        + ")";
  }

  /**
   * How many rows bear a mark.
   *
   * @param badEvents whose payload contains it
   */
  public record Count(long events, long badEvents) {}

  /** Counts the rows of a project that bear a mark. */
  public Count count(String project, String mark) throws IOException {
    return new Count(count(project, Rows.events(mark)), count(project, Rows.badEvents(mark)));
  }

  private long count(String project, Rows rows) throws IOException {
    return marked(reader.table(project, rows.layout()), rows).stream()
        .mapToLong(Marked::rows)
        .sum();
  }

  private static List<LakeColumn> only(LakeTable table, List<String> names) {
    return table.columns().stream().filter(column -> names.contains(column.name())).toList();
  }

  /** Finds the events of a project that bear a mark. */
  public void find(String project, String mark, Found found) throws IOException {
    LakeTable table = reader.table(project, TableLayout.EVENTS);
    List<LakeColumn> columns =
        only(
            table,
            List.of(
                EventColumn.LIBRARY_VERSION.columnName(),
                EventColumn.EVENT_ID.columnName(),
                EventColumn.RECEIVED_AT.columnName()));
    int done = 0;
    try (Spill own = Spill.in(spill);
        FileMerger engine = new FileMerger(options, own.folder())) {
      for (LakeFile file : table.files()) {
        engine.read(
            columns,
            file,
            "event_id, epoch_us(received_at)",
            "event_id IS NOT NULL AND (" + condition(mark) + ")",
            row -> found.event(row.getString(1), row.getLong(2)));
        found.progress(++done, table.files().size());
      }
    }
  }

  /**
   * Erases the events of a project that bear a mark.
   *
   * @param commit names the erasure: the same one done again changes nothing more
   * @return how many rows are gone by this call; 0 if it was done before, or there are none
   * @throws OutcomeUnknownException if nobody knows
   * @throws IOException if it is certain that nothing has changed
   */
  public long erase(String project, String mark, String commit, Progress progress)
      throws IOException {
    return erase(project, Rows.events(mark), commit, progress);
  }

  /** Erases the bad events of a project whose payload contains a mark, as {@link #erase} does. */
  public long eraseBadEvents(String project, String mark, String commit) throws IOException {
    return erase(project, Rows.badEvents(mark), commit, (done, all) -> {});
  }

  private long erase(String project, Rows which, String commit, Progress progress)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Marked> marked = marked(reader.table(project, which.layout()), which);
      long rows = marked.stream().mapToLong(Marked::rows).sum();
      if (rows == 0) {
        return 0;
      }
      IcebergTable table = tables.open(project, which.layout());
      if (table.has(commit)) {
        return 0;
      }
      if (!table.isOurs()) {
        throw new IOException(
            which.layout().tableName()
                + " has columns, partitions or deletes of others; nothing is erased");
      }
      if (replace(table, marked, which.condition(), commit, progress)) {
        return rows;
      }
      LOG.info("files were merged while events were erased from them; they are erased anew");
    }
    throw new IOException("the files of the table change all the time; try again");
  }

  private List<Marked> marked(LakeTable table, Rows which) throws IOException {
    List<LakeColumn> columns = only(table, List.of(which.column()));
    List<Marked> marked = new ArrayList<>();
    try (Spill own = Spill.in(spill);
        FileMerger engine = new FileMerger(options, own.folder())) {
      for (LakeFile file : table.files()) {
        engine.read(
            columns,
            file,
            "count(*)",
            which.condition(),
            row -> {
              if (row.getLong(1) > 0) {
                marked.add(new Marked(file, row.getLong(1)));
              }
            });
      }
    }
    return marked;
  }

  private boolean replace(
      IcebergTable table, List<Marked> marked, String condition, String commit, Progress progress)
      throws IOException {
    List<DataFile> rewritten;
    try (Spill own = Spill.in(spill);
        FileMerger engine = new FileMerger(options, own.folder())) {
      rewritten =
          files.make(created -> rewrite(engine, table, marked, condition, created, progress));
    }
    List<DataFile> old =
        marked.stream().map(each -> TableFiles.dataFile(table.table(), each.file())).toList();
    long rows = marked.stream().mapToLong(Marked::rows).sum();
    return table.erase(commit, old, rewritten, rows);
  }

  private List<DataFile> rewrite(
      FileMerger engine,
      IcebergTable table,
      List<Marked> marked,
      String condition,
      List<Path> created,
      Progress progress)
      throws IOException {
    Table iceberg = table.table();
    List<DataFile> rewritten = new ArrayList<>();
    int done = 0;
    for (Marked each : marked) {
      LakeFile file = each.file();
      if (each.rows() < file.rows()) {
        int day = (int) file.day().toEpochDay();
        Path output = files.create(iceberg, day, created);
        FileMerger.Merged left =
            engine.without(
                table.layout(), TableLayout.columnsOf(iceberg.schema()), file, condition, output);
        if (left.rows() != file.rows() - each.rows()) {
          throw new IOException(
              output + " has " + left.rows() + " rows, not " + (file.rows() - each.rows()));
        }
        rewritten.add(
            files.finish(
                iceberg,
                day,
                output,
                left.bytes(),
                FileMetrics.of(
                    table.layout(),
                    iceberg.schema(),
                    left.rows(),
                    left.columnBytes(),
                    left.bounds())));
      }
      progress.rewritten(++done, marked.size());
    }
    return rewritten;
  }
}
