package weir.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.reading.LakeReader;
import weir.lake.sidecar.SidecarMaker;
import weir.log.Appended;
import weir.testkit.ManualClock;

/**
 * A data directory as years leave it where nothing was ever merged or forgotten: events of many
 * names, each commit a snapshot and its files, and a ledger of rows for minutes.
 *
 * <p>The events take the way that all events take, by a clock that is moved: requests in the raw
 * log, decided, committed and counted. The ledger's other rows, of events that a retention has long
 * removed, are written into its database.
 */
final class YearsData {
  static final String PROJECT = "default";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int RELEASE_EVERY = 50;
  private static final int PROPERTIES = 60;

  private final Path data;
  private final Size size;
  private final SplittableRandom random;

  /**
   * How much there is.
   *
   * @param names of events
   * @param snapshots of the table of events
   * @param eventsEach in a snapshot
   * @param ledgerMinutes from one row of the ledger to the next
   */
  record Size(int days, int names, int snapshots, int eventsEach, int ledgerMinutes) {
    /** Three years. */
    static Size whole() {
      return new Size(3 * 365, 400, 2_000, 400, 1);
    }

    long events() {
      return (long) snapshots * eventsEach;
    }
  }

  /**
   * Prepares to make one.
   *
   * @param data an empty folder
   * @param seed the same one makes the same events
   */
  YearsData(Path data, Size size, long seed) {
    this.data = data;
    this.size = size;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Makes it.
   *
   * @param end the last commit's time
   * @return how many rows the ledger has
   */
  long make(Instant end) throws IOException, InterruptedException, TimeoutException, SQLException {
    Files.createDirectories(data);
    Instant begin = end.minus(Duration.ofDays(size.days()));
    Duration step = Duration.between(begin, end).dividedBy(size.snapshots());
    ManualClock clock = new ManualClock(begin);
    RawRequestCodec codec = new RawRequestCodec();
    try (EmbeddedEngine engine =
        EmbeddedEngine.openWithoutUpkeep(
            data, EmbeddedEngine.largeLogs(), clock, System::nanoTime)) {
      for (int i = 0; i < size.snapshots(); i++) {
        clock.advance(step);
        byte[] frame = codec.encode(request(i, clock));
        if (engine.raw().append(List.of(frame)) instanceof Appended.Full full) {
          throw new IOException("the raw log is full: " + full.why());
        }
        engine.awaitCommitted(LIMIT);
        if (i % RELEASE_EVERY == 0) {
          engine.release();
        }
      }
    }
    makeSidecars();
    return fillLedger(begin, end);
  }

  /** As the product has made them after each commit. */
  private void makeSidecars() throws IOException {
    try (LakeReader reader = LakeReader.open(data.resolve("lake"));
        SidecarMaker maker = new SidecarMaker(weir.log.files.Files.system())) {
      LakeTable events = reader.snapshot(PROJECT).events();
      for (LakeFile file : events.files()) {
        maker.make(file, events.columns());
      }
    }
  }

  private RawRequest request(int commit, ManualClock clock) {
    StringBuilder batch = new StringBuilder("{\"batch\":[");
    for (int i = 0; i < size.eventsEach(); i++) {
      long number = (long) commit * size.eventsEach() + i;
      int name = (int) (number % size.names());
      batch
          .append(i == 0 ? "" : ",")
          .append("{\"type\":\"track\",\"event\":\"Event ")
          .append(name)
          .append("\",\"messageId\":\"m")
          .append(number)
          .append("\",\"userId\":\"u")
          .append(random.nextInt(5_000))
          .append("\",\"timestamp\":\"")
          .append(clock.instant().minusMillis(random.nextInt(3_600_000)))
          .append("\",\"properties\":{\"p")
          .append(name % PROPERTIES)
          .append("\":")
          .append(random.nextInt(1_000))
          .append(",\"label\":\"l")
          .append(random.nextInt(20))
          .append("\"}}");
    }
    byte[] body = batch.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    return new RawRequest(
        new UUID(random.nextLong(), random.nextLong()),
        "segment",
        PROJECT,
        PROJECT,
        "key",
        "192.0.2.1",
        clock.millis() * 1000,
        "/v1/batch",
        "",
        size.eventsEach(),
        List.of(new Header("content-type", "application/json")),
        body);
  }

  private long fillLedger(Instant begin, Instant end) throws SQLException {
    try (Connection ledger =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("ledger.db"))) {
      ledger.setAutoCommit(false);
      try (PreparedStatement rows =
          ledger.prepareStatement(
              """
              insert into ledger_minute (project, source, minute, accepted, loaded, quarantined)
              with recursive minutes(at) as (
                select ? union all select at + ? from minutes where at + ? < ?)
              select ?, 'past', at, 3, 2, 1 from minutes
              """)) {
        rows.setLong(1, begin.getEpochSecond() / 60);
        rows.setInt(2, size.ledgerMinutes());
        rows.setInt(3, size.ledgerMinutes());
        rows.setLong(4, end.getEpochSecond() / 60);
        rows.setString(5, PROJECT);
        rows.executeUpdate();
      }
      long count;
      try (var statement = ledger.createStatement()) {
        statement.executeUpdate(
            "insert into ledger_total select project, source, sum(accepted), 0, sum(loaded),"
                + " sum(quarantined), 0, 0 from ledger_minute where source = 'past' group by 1, 2");
        try (var all = statement.executeQuery("select count(*) from ledger_minute")) {
          all.next();
          count = all.getLong(1);
        }
      }
      ledger.commit();
      return count;
    }
  }
}
