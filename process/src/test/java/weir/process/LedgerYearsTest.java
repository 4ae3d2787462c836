package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/** A ledger that has counted for three years, and began in the first format. */
class LedgerYearsTest {
  private static final Instant NOW = Instant.parse("2026-06-15T12:34:56Z");
  private static final Instant FIRST = NOW.minus(Duration.ofDays(3 * 365));
  private static final long LAST = NOW.getEpochSecond() / 60;
  private static final int MINUTES_BETWEEN = 20;

  /** Steps of the database's virtual machine: a row that is read takes some ten. */
  private static final int FEW = 3_000;

  private static final int COUNTED_BY = 50;

  @TempDir Path directory;
  private Path file;
  private LedgerDatabase database;
  private Jdbi jdbi;
  private final AtomicLong steps = new AtomicLong();

  @BeforeEach
  void open() throws IOException, SQLException {
    file = directory.resolve("ledger.db");
    Flyway.configure()
        .loggers("slf4j")
        .dataSource("jdbc:sqlite:" + file, null, null)
        .locations("classpath:db/migration/ledger")
        .target("2")
        .load()
        .migrate();
    Jdbi.create("jdbc:sqlite:" + file)
        .useTransaction(handle -> {
          handle.execute(
              """
              insert into ledger_minute (project, source, minute, accepted, loaded, quarantined)
              with recursive minutes(at) as (
                select ? union all select at + ? from minutes where at + ? <= ?)
              select 'shop', 'web', at, 3 + (at % 400 = 0), 2, 1 from minutes
              """,
              FIRST.getEpochSecond() / 60 / 400 * 400, MINUTES_BETWEEN, MINUTES_BETWEEN, LAST);
          handle.execute(
              "insert into ledger_dropped select project, source, minute, 'bot', 1 from ledger_minute"
                  + " where minute % 400 = 0");
        });
    database = LedgerDatabase.open(file);
    jdbi = Jdbi.create(this::counted);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Connection counted() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    ProgressHandler.setHandler(
        connection,
        COUNTED_BY,
        new ProgressHandler() {
          @Override
          protected int progress() {
            steps.addAndGet(COUNTED_BY);
            return 0;
          }
        });
    return connection;
  }

  private List<LedgerRow> rows() {
    return new LedgerQueries(database.jdbi()).rows("shop", Instant.EPOCH, NOW);
  }

  private static Map<String, Long> sums(List<LedgerRow> rows) {
    Map<String, Long> sums = new HashMap<>();
    for (LedgerRow row : rows) {
      sums.merge("accepted", row.accepted(), Long::sum);
      sums.merge("loaded", row.loaded(), Long::sum);
      sums.merge("quarantined", row.quarantined(), Long::sum);
      sums.merge("in flight", row.inFlight(), Long::sum);
      row.dropped().forEach((reason, n) -> sums.merge(reason, n, Long::sum));
    }
    return sums;
  }

  private void thinAll() {
    LedgerThinning thinning = new LedgerThinning(jdbi, LedgerThinning.Keeping.defaults());
    while (thinning.step(NOW)) {
      assertThat(steps.getAndSet(0)).as("steps of one transaction").isLessThan(500_000);
    }
  }

  private static List<LedgerRow> of(List<LedgerRow> rows, LedgerSpan span) {
    return rows.stream().filter(row -> row.span() == span).toList();
  }

  @Test
  void oldRowsAreAddedUpAndNoSumChanges() {
    List<LedgerRow> before = rows();
    assertThat(before).hasSizeGreaterThan(78_000).allMatch(LedgerRow::balanced);
    thinAll();
    List<LedgerRow> after = rows();
    assertThat(sums(after)).isEqualTo(sums(before));
    assertThat(after).allMatch(LedgerRow::balanced);
    assertThat(of(after, LedgerSpan.MINUTE))
        .hasSizeBetween(30 * 1440 / MINUTES_BETWEEN, 31 * 1440 / MINUTES_BETWEEN)
        .allMatch(row -> row.minute().isAfter(NOW.minus(Duration.ofDays(30).plusHours(1))));
    assertThat(of(after, LedgerSpan.HOUR))
        .hasSizeBetween(699 * 24, 701 * 24)
        .allMatch(row -> row.minute().getEpochSecond() % 3_600 == 0)
        .allMatch(row -> row.minute().isAfter(NOW.minus(Duration.ofDays(731))));
    assertThat(of(after, LedgerSpan.DAY))
        .hasSizeBetween(365, 367)
        .allMatch(row -> row.minute().getEpochSecond() % 86_400 == 0);
    steps.set(0);
    assertThat(new LedgerThinning(jdbi, LedgerThinning.Keeping.defaults()).step(NOW)).isFalse();
    assertThat(steps.get()).as("nothing left to do").isLessThan(FEW);
  }

  @Test
  void statusAndAPageCostTheSameAfterYears() {
    LedgerQueries queries = new LedgerQueries(jdbi);
    LedgerTotals totals = queries.totals(List.of("shop", "other"));
    assertThat(totals.accepted()).isEqualTo(sums(rows()).get("accepted"));
    assertThat(totals.balanced()).isTrue();
    Instant hour = NOW.minus(Duration.ofHours(1));
    assertThat(queries.balanced("shop", Instant.EPOCH, NOW)).isTrue();
    LedgerPage page = queries.page("shop", hour, NOW, LedgerPage.Place.BEGINNING, 2);
    assertThat(page.rows()).hasSize(2);
    assertThat(queries.page("shop", hour, NOW, page.next().orElseThrow(), 2))
        .satisfies(rest -> {
          assertThat(rest.rows()).hasSize(60 / MINUTES_BETWEEN - 2);
          assertThat(rest.next()).isEqualTo(Optional.empty());
        });
    assertThat(new LedgerStore(jdbi).unbalanced()).isEmpty();
    assertThat(new LedgerStore(jdbi).open()).isEmpty();
    assertThat(steps.get()).as("all of that").isLessThan(FEW);
  }

  /** What is open or out of balance is found by its minute, however old it is. */
  @Test
  void rowsThatMayChangeStayMinutes() {
    long old = FIRST.getEpochSecond() / 60 / 400 * 400 + 800;
    database
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              "update ledger_minute set accepted = accepted + 1, in_flight = 1 where minute = ?",
              old);
          handle.execute(
              "update ledger_minute set accepted = accepted + 1 where minute = ?", old + 4_000);
        });
    Map<String, Long> before = sums(rows());
    thinAll();
    List<LedgerRow> after = rows();
    assertThat(sums(after)).isEqualTo(before);
    assertThat(after.stream().filter(row -> !row.balanced()))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.span()).isEqualTo(LedgerSpan.MINUTE);
          assertThat(row.minute()).isEqualTo(Instant.ofEpochSecond((old + 4_000) * 60));
        });
    LedgerCount.Key open = new LedgerCount.Key("shop", "web", old);
    assertThat(new LedgerStore(jdbi).open())
        .containsExactly(Map.entry(open, new LedgerStep.Open(1, 0)));
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "update ledger_minute set accepted = accepted - 1, in_flight = 0"
                    + " where in_flight <> 0"));
    thinAll();
    assertThat(rows().getFirst().span()).isEqualTo(LedgerSpan.DAY);
  }

  /** A clock that stood still brings rows of a time that was added up long ago. */
  @Test
  void lateRowsAreTakenIn() {
    thinAll();
    Map<String, Long> before = sums(rows());
    long day = rows().get(5).minute().getEpochSecond() / 60;
    database
        .jdbi()
        .useHandle(handle -> {
          for (long at : List.of(day + 3, day + 65, day + 66)) {
            handle.execute(
                "insert into ledger_minute (project, source, minute, accepted, loaded)"
                    + " values ('shop', 'web', ?, 1, 1)",
                at);
          }
        });
    thinAll();
    List<LedgerRow> after = rows();
    before.merge("accepted", 3L, Long::sum);
    before.merge("loaded", 3L, Long::sum);
    assertThat(sums(after)).isEqualTo(before);
    assertThat(of(after, LedgerSpan.DAY)).hasSizeBetween(365, 367);
    assertThat(after.get(5).minute()).isEqualTo(Instant.ofEpochSecond(day * 60));
    assertThat(after.get(6).minute()).isEqualTo(Instant.ofEpochSecond((day + 1_440) * 60));
  }

  /** A step that does not end changes nothing, and the next one does it. */
  @Test
  void interruptedStepIsDoneAgain() {
    Map<String, Long> before = sums(rows());
    database
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "create trigger cut before insert on ledger_dropped begin select raise(abort, 'cut');"
                    + " end"));
    LedgerThinning thinning = new LedgerThinning(jdbi, LedgerThinning.Keeping.defaults());
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> thinning.step(NOW)))
        .hasRootCauseMessage(
            "[SQLITE_CONSTRAINT_TRIGGER] A RAISE function within a trigger fired, causing the SQL statement to abort (cut)");
    assertThat(sums(rows())).isEqualTo(before);
    assertThat(of(rows(), LedgerSpan.HOUR)).isEmpty();
    database.jdbi().useHandle(handle -> handle.execute("drop trigger cut"));
    assertThat(thinning.step(NOW)).isTrue();
    assertThat(sums(rows())).isEqualTo(before);
    assertThat(of(rows(), LedgerSpan.HOUR)).hasSize(24);
  }
}
