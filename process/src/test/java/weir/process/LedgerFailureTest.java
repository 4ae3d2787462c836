package weir.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.MemoryLog;

/** What fails around the ledger and passes again does not end it; nothing is counted twice. */
class LedgerFailureTest {
  @TempDir Path directory;
  private SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private Rig rig;
  private Path file;
  private LedgerDatabase database;
  private volatile boolean full;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(directory);
    file = directory.resolve("ledger.db");
    database = LedgerDatabase.open(file, Duration.ofMillis(20));
  }

  @AfterEach
  void close() throws IOException {
    database.close();
    rig.close();
  }

  private Ledger start(Jdbi database, EventLog raw) {
    return Ledger.start(
        database,
        raw,
        rig.clean,
        () -> rig.clean.durableEnd(),
        Duration.ofMillis(1),
        LedgerReading.Stretch.defaults(),
        rig.clock,
        metrics);
  }

  private void send(String source) throws IOException {
    rig.send(rig.protocol.request("shop", source, Rig.RECEIVED, FakeProtocol.bad("x")));
  }

  private static List<LedgerRow> rows(Ledger ledger) {
    return ledger.rows("shop", Instant.EPOCH, Rig.NOW.plus(Duration.ofDays(1)));
  }

  private void awaitAll(Ledger ledger, int events) {
    Awaitility.await()
        .ignoreExceptionsMatching(Passing::is)
        .untilAsserted(() -> {
          List<LedgerRow> rows = rows(ledger);
          assertThat(rows).allMatch(LedgerRow::balanced);
          assertThat(rows.stream().mapToLong(LedgerRow::accepted).sum()).isEqualTo(events);
          assertThat(rows.stream().mapToLong(LedgerRow::quarantined).sum()).isEqualTo(events);
        });
  }

  private void awaitFailures() {
    double before = metrics.counter("weir_ledger_store_failures").count();
    Awaitility.await()
        .until(() -> metrics.counter("weir_ledger_store_failures").count() > before + 2);
  }

  @Test
  void readerThatHoldsOnDoesNotEndIt() throws Exception {
    try (Ledger ledger = start(database.jdbi(), rig.raw)) {
      send("web");
      rig.process();
      awaitAll(ledger, 1);
      try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = reader.createStatement()) {
        reader.setAutoCommit(false);
        try (ResultSet row = statement.executeQuery("select accepted from ledger_minute")) {
          assertThat(row.next()).isTrue();
          Position held = ledger.cleanHoldsFrom();
          send("web");
          rig.process();
          awaitFailures();
          assertThat(ledger.cleanHoldsFrom()).isEqualTo(held);
        }
        reader.rollback();
      }
      awaitAll(ledger, 2);
      assertThat(ledger.ended()).isNotDone();
    }
  }

  @Test
  void whatIsOutStaysOnTheGaugeUntilItIsRight() throws Exception {
    try (Ledger ledger = start(database.jdbi(), rig.raw)) {
      send("web");
      rig.process();
      awaitAll(ledger, 1);
      lose(-1);
      send("web");
      rig.process();
      awaitImbalance(1);
      send("app");
      rig.process();
      Awaitility.await().until(() -> rows(ledger).size() == 2);
    }
    SimpleMeterRegistry before = metrics;
    metrics = new SimpleMeterRegistry();
    before.close();
    try (Ledger ledger = start(database.jdbi(), rig.raw)) {
      awaitImbalance(1);
      lose(1);
      send("app");
      rig.process();
      Awaitility.await().until(() -> rows(ledger).getFirst().accepted() == 2);
      awaitImbalance(1);
      send("web");
      rig.process();
      awaitImbalance(0);
    }
  }

  /** As if so many accepted events had gone. */
  private void lose(int events) {
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update ledger_minute set quarantined = quarantined + ? where source = 'web'",
                events));
  }

  private void awaitImbalance(double minutes) {
    Awaitility.await().until(() -> metrics.get("weir_ledger_imbalance").gauge().value() == minutes);
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    if (full) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("pragma max_page_count = 1");
      }
    }
    return connection;
  }

  @Test
  void fullDiskDoesNotEndIt() throws Exception {
    try (Ledger ledger = start(Jdbi.create(this::connect), rig.raw)) {
      send("web");
      rig.process();
      awaitAll(ledger, 1);
      full = true;
      for (int i = 0; i < 500; i++) {
        send("a source with a name that takes some place on the disk, number " + i);
      }
      rig.process();
      awaitFailures();
      assertThat(ledger.ended()).isNotDone();
      full = false;
      awaitAll(ledger, 501);
    }
  }

  private static LedgerStore.Cut cutAt(long raw) {
    return new LedgerStore.Cut(
        new Position(raw), Position.START, null, Position.START, Position.START);
  }

  @Test
  void stepWhoseOutcomeWasUnknownCountsOnce() {
    LedgerStore store = new LedgerStore(database.jdbi());
    LedgerCount.Key key = LedgerCount.Key.of("shop", "web", Rig.RECEIVED);
    LedgerCount count = new LedgerCount();
    count.accepted = 5;
    LedgerStore.Cut to = cutAt(9);
    LedgerStep step =
        new LedgerStep(
            store.cut(), to, Map.of(key, count), Map.of(key, new LedgerStep.Open(5, 2)), 0);
    store.apply(step);
    store.apply(step);
    assertThat(store.open()).containsExactly(Map.entry(key, new LedgerStep.Open(5, 2)));
    assertThat(
            new LedgerQueries(database.jdbi()).rows("shop", Instant.EPOCH, Rig.NOW.plusSeconds(60)))
        .singleElement()
        .satisfies(row -> assertThat(row.accepted()).isEqualTo(5));
    LedgerStore.Cut further = cutAt(20);
    LedgerStep skipping = new LedgerStep(cutAt(10), further, Map.of(), Map.of(), 0);
    assertThatThrownBy(() -> store.apply(skipping)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatCannotPassEndsItLoudly() throws Exception {
    try (Ledger ledger = start(database.jdbi(), rig.raw)) {
      database.jdbi().useHandle(handle -> handle.execute("drop table ledger_minute"));
      send("web");
      Awaitility.await().until(() -> ledger.ended().isCompletedExceptionally());
    }
  }

  @Test
  void errorEndsItLoudly() {
    rig.clean = new MemoryLog();
    EventLog broken = new ThrowingLog();
    try (Ledger ledger = start(database.jdbi(), broken)) {
      Awaitility.await().until(() -> ledger.ended().isCompletedExceptionally());
      assertThatThrownBy(() -> ledger.ended().join())
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }
  }
}
