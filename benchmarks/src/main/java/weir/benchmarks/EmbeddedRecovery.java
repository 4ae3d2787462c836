package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import weir.decode.RawRequestCodec;
import weir.event.CleanRecordCodec;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.Position;

/**
 * Recovers with the engine's parts in this process, which takes a tenth of the time that whole
 * processes take, and counts what the ledger must say from the logs themselves. So it needs logs of
 * which nothing was released.
 */
final class EmbeddedRecovery implements Recovery, AutoCloseable {
  private static final String PROJECT = "default";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final InstantSource clock;
  private final LongSupplier ticker;
  private final Connection duckdb;

  EmbeddedRecovery(InstantSource clock, LongSupplier ticker) throws SQLException {
    this.clock = clock;
    this.ticker = ticker;
    this.duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @Override
  public Expectation.Found recover(Path data)
      throws IOException, InterruptedException, TimeoutException {
    try (EmbeddedEngine engine = EmbeddedEngine.open(data, clock, ticker)) {
      engine.awaitCommitted(LIMIT);
      LakeSnapshot snapshot = engine.lake().reader().snapshot(PROJECT);
      return new Expectation.Found(
          ids(snapshot.events()), ids(snapshot.badEvents()), count(engine, snapshot));
    } catch (SQLException e) {
      throw new IOException("the tables cannot be read", e);
    }
  }

  private List<String> ids(LakeTable table) throws SQLException {
    if (table.files().isEmpty()) {
      return List.of();
    }
    String files =
        table.files().stream()
            .map(LakeFile::path)
            .map(path -> "'" + path + "'")
            .collect(Collectors.joining(", "));
    List<String> ids = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT event_id FROM read_parquet([" + files + "])")) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }

  private static Expectation.Totals count(EmbeddedEngine engine, LakeSnapshot snapshot)
      throws IOException {
    long accepted = 0;
    RawRequestCodec requests = new RawRequestCodec();
    try (LogReader reader = engine.raw().read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        accepted += requests.summary(frame(entry)).events();
      }
    }
    return decisions(engine.clean(), accepted, snapshot);
  }

  private static Expectation.Totals decisions(EventLog clean, long accepted, LakeSnapshot snapshot)
      throws IOException {
    long events = 0;
    long bad = 0;
    long duplicate = 0;
    long dropped = 0;
    CleanRecordCodec records = new CleanRecordCodec();
    try (LogReader reader = clean.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        switch (records.summary(frame(entry)).decision()) {
          case EVENT -> events++;
          case BAD -> bad++;
          case DUPLICATE -> duplicate++;
          case DROPPED -> dropped++;
        }
      }
    }
    long loaded = snapshot.events().loadedTotal();
    long quarantined = snapshot.badEvents().loadedTotal();
    long inFlight = accepted - duplicate - dropped - events - bad;
    return new Expectation.Totals(accepted, 0, loaded, quarantined, duplicate, dropped, inFlight);
  }

  private static byte[] frame(LogEntry entry) throws IOException {
    if (entry instanceof LogEntry.Frame frame) {
      return frame.payload();
    }
    throw new IOException("a log is damaged: " + entry);
  }

  @Override
  public void close() throws SQLException {
    duckdb.close();
  }
}
