package weir.lake.sidecar;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;
import weir.lake.catalog.TableLayout;
import weir.lake.rows.ParquetEngine;
import weir.lake.rows.SortedRows;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/**
 * Makes sidecars from Parquet files, through an in-memory DuckDB of its own. Used by one thread,
 * but for {@link #cancel()}.
 *
 * <p>A sidecar gets its name when it is complete. It is not synced: what a power cut leaves of it
 * is told by its checksums, and made again.
 */
public final class SidecarMaker implements AutoCloseable {
  /** So many rows take 150 MB of memory at most. */
  static final int MOST_ROWS = 6_000_000;

  /** Says that the rows of a file cannot be put into a sidecar. */
  public static final class UnfitException extends IOException {
    private static final long serialVersionUID = 1L;

    UnfitException(String why) {
      super(why);
    }
  }

  private static final String DRAFT = ".new";
  private static final int MEGABYTES = 128;
  private static final List<String> COLUMNS = List.of("event", "actor", "timestamp", "received_at");

  private final Files files;
  private final DuckDBConnection connection;
  private final long hashCheck;
  private volatile boolean cancelled;

  /** Starts what makes them. */
  public SidecarMaker(Files files) throws IOException {
    this.files = files;
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    try {
      connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("SET memory_limit = '" + MEGABYTES + " MiB'");
        statement.execute("SET temp_directory = ''");
        statement.execute("SET preserve_insertion_order = true");
        try (ResultSet check = statement.executeQuery("SELECT " + Sidecar.HASH_CHECK)) {
          check.next();
          hashCheck = check.getLong(1);
        }
      }
    } catch (SQLException e) {
      throw new IOException("DuckDB does not start", e);
    }
  }

  /** What {@link Sidecar#HASH_CHECK} is here. */
  public long hashCheck() {
    return hashCheck;
  }

  /**
   * Makes the sidecar of a file of events, in the place of one that may be there.
   *
   * @param columns those of the table, in a snapshot that has the file
   * @throws UnfitException if the file can have none
   */
  public void make(LakeFile file, List<LakeColumn> columns) throws IOException {
    if (file.rows() > MOST_ROWS) {
      throw new UnfitException(file.path() + " has too many rows");
    }
    SidecarEncoder encoder = new SidecarEncoder(file, hashCheck);
    read(file, encoder);
    readProperties(file, columns, encoder);
    Path path = Sidecar.of(file.path());
    Path draft = path.resolveSibling(path.getFileName() + DRAFT);
    files.delete(draft);
    try (FileHandle handle = files.create(draft)) {
      encoder.write(handle);
    }
    files.rename(draft, path);
  }

  /** The name of the sidecar that a draft's name belongs to; other names stay as they are. */
  public static String withoutDraft(String name) {
    return name.endsWith(DRAFT) ? name.substring(0, name.length() - DRAFT.length()) : name;
  }

  private void read(LakeFile file, SidecarEncoder encoder) throws IOException {
    List<LakeColumn> columns =
        TableLayout.EVENTS.columns().stream()
            .filter(column -> COLUMNS.contains(column.name()))
            .toList();
    String select =
        "SELECT file_row_number, CAST(hash(event) >> 1 AS BIGINT), event, "
            + Sidecar.ACTOR
            + ", epoch_us(timestamp), epoch_us(received_at) FROM "
            + SortedRows.relation(columns, List.of(file.path()), true);
    Reading reading = new Reading(encoder);
    try (DuckDBPreparedStatement prepared =
            (DuckDBPreparedStatement) connection.prepareStatement(select);
        DuckDBChunkedResult result = prepared.query()) {
      while (result.nextChunk()) {
        if (cancelled) {
          throw new IOException("making sidecars was cancelled");
        }
        reading.take(result.chunk());
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + file.path(), e);
    }
    // such a result may end early without a word
    if (reading.rows != file.rows()) {
      throw new IOException(file.path() + " has " + reading.rows + " rows, not " + file.rows());
    }
  }

  /** Which property columns each event has values in. */
  private void readProperties(LakeFile file, List<LakeColumn> columns, SidecarEncoder encoder)
      throws IOException {
    List<LakeColumn> properties =
        columns.stream().filter(column -> EventColumn.named(column.name()).isEmpty()).toList();
    if (properties.isEmpty()) {
      return;
    }
    List<LakeColumn> read = new ArrayList<>(properties);
    read.add(new LakeColumn("event", EventColumn.EVENT.type(), EventColumn.EVENT.fieldId()));
    String select =
        "SELECT event, "
            + properties.stream()
                .map(column -> "count(" + ParquetEngine.quoted(column.name()) + ") > 0")
                .collect(Collectors.joining(", "))
            + " FROM "
            + SortedRows.relation(read, List.of(file.path()), false)
            + " WHERE event IS NOT NULL GROUP BY event";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(select)) {
      while (rows.next()) {
        Set<Integer> present = new HashSet<>();
        for (int i = 0; i < properties.size(); i++) {
          if (rows.getBoolean(i + 2)) {
            present.add(properties.get(i).fieldId());
          }
        }
        encoder.columns(rows.getString(1), present);
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + file.path(), e);
    }
  }

  /** Gives rows to an encoder. */
  private static final class Reading {
    private final SidecarEncoder encoder;
    private long rows;
    private long eventHash;
    private @Nullable String event;

    Reading(SidecarEncoder encoder) {
      this.encoder = encoder;
    }

    void take(DuckDBDataChunkReader chunk) throws IOException {
      DuckDBReadableVector numbers = chunk.vector(0);
      DuckDBReadableVector hashes = chunk.vector(1);
      DuckDBReadableVector events = chunk.vector(2);
      DuckDBReadableVector actors = chunk.vector(3);
      DuckDBReadableVector times = chunk.vector(4);
      DuckDBReadableVector received = chunk.vector(5);
      for (int row = 0, count = (int) chunk.rowCount(); row < count; row++) {
        if (numbers.getLong(row) != rows || times.isNull(row)) {
          throw new UnfitException("row " + rows + " is out of order or has no time");
        }
        if (hashes.getLong(row) != eventHash || rows == 0) {
          change(events.isNull(row) ? null : events.getString(row), hashes.getLong(row));
        }
        if (event != null) {
          encoder.add(actors.getLong(row), times.getLong(row));
        }
        if (!received.isNull(row)) {
          encoder.received(received.getLong(row));
        }
        rows++;
      }
    }

    private void change(@Nullable String next, long hash) throws IOException {
      encoder.end();
      eventHash = hash;
      event = next;
      if (next != null) {
        encoder.begin(next, (int) rows);
      }
    }
  }

  /** Ends what is running, and all later work, with an exception; from any thread. */
  public void cancel() {
    cancelled = true;
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("DuckDB does not close", e);
    }
  }
}
