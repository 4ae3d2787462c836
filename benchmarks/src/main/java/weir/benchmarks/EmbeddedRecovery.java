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
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import weir.lake.LakeFile;
import weir.lake.LakeSnapshot;
import weir.lake.LakeTable;

/**
 * Recovers with the engine's parts in this process, which takes a tenth of the time that whole
 * processes take.
 */
final class EmbeddedRecovery implements Recovery, AutoCloseable {
  private static final String PROJECT = "default";
  private static final Duration STEP = Duration.ofMillis(10);
  private static final int PATIENCE = 1_000;
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
    try (EmbeddedEngine engine =
        EmbeddedEngine.open(data, EmbeddedEngine.largeLogs(), clock, ticker)) {
      engine.awaitCommitted(LIMIT);
      LakeSnapshot snapshot = engine.lake().reader().snapshot(PROJECT);
      return new Expectation.Found(
          ids(snapshot.events()), ids(snapshot.badEvents()), settled(engine));
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

  /** The ledger's sums, as soon as nothing is in flight by them. */
  private static Expectation.Totals settled(EmbeddedEngine engine) {
    Expectation.Totals totals = engine.totals(PROJECT);
    for (int i = 0; i < PATIENCE && totals.inFlight() != 0; i++) {
      LockSupport.parkNanos(STEP.toNanos());
      totals = engine.totals(PROJECT);
    }
    return totals;
  }

  @Override
  public void close() throws SQLException {
    duckdb.close();
  }
}
