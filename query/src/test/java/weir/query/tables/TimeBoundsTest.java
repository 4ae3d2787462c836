package weir.query.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.query.Deadline;
import weir.query.SystemTable;
import weir.query.session.DuckSession;

/** A statement copies the times of the ledger that it can see, and never fewer. */
class TimeBoundsTest {
  private static final SystemTable.Span ALL = SystemTable.Span.ALL;
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

  private DuckSession session;

  @BeforeEach
  void open() throws Exception {
    session =
        new DuckSession(
            (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:"),
            new Deadline(System::nanoTime, Duration.ofMinutes(5)));
    session.zone(Optional.of("UTC"));
  }

  @AfterEach
  void close() {
    session.close();
  }

  private SystemTable.Span of(String sql) throws Exception {
    return TimeBounds.of(session, sql, "ledger", "minute");
  }

  private static long at(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  private static SystemTable.Span span(String from, String to) {
    return new SystemTable.Span(at(from) - HOUR, at(to) + HOUR);
  }

  private static SystemTable.Span from(String from) {
    return new SystemTable.Span(at(from) - HOUR, Long.MAX_VALUE);
  }

  @Test
  void whatMustHoldBoundsIt() throws Exception {
    String day = "2026-03-01T00:00:00Z";
    assertThat(of("select * from ledger where minute >= '2026-03-01'")).isEqualTo(from(day));
    assertThat(of("select * from LEDGER l where l.MINUTE > date '2026-03-01' and source = 'web'"))
        .isEqualTo(from(day));
    assertThat(of("select * from ledger where timestamp '2026-03-01' < ledger.minute"))
        .isEqualTo(from(day));
    assertThat(of("select * from ledger where minute between '2026-03-01' and '2026-03-02'"))
        .isEqualTo(span(day, "2026-03-02T00:00:00Z"));
    assertThat(of("select * from ledger where minute = '2026-03-01 00:00:00+00'"))
        .isEqualTo(span(day, day));
    assertThat(
            of(
                "select (select sum(loaded) from ledger where minute >= '2026-03-01' and (true and"
                    + " minute < '2026-03-03')), count(*) from events"))
        .isEqualTo(span(day, "2026-03-03T00:00:00Z"));
  }

  @Test
  void aClockBoundsFromBelow() throws Exception {
    long before = at(Instant.now().minus(Duration.ofHours(2)).toString());
    SystemTable.Span span =
        of("select sum(accepted) from ledger where minute > now() - interval 1 hour");
    assertThat(span.from()).isBetween(before, before + HOUR);
    assertThat(span.to()).isEqualTo(Long.MAX_VALUE);
    assertThat(
            of("select * from ledger where minute > current_timestamp - interval '1' day").from())
        .isGreaterThan(before - 25 * HOUR);
    assertThat(of("select * from ledger where minute < now()")).isEqualTo(ALL);
  }

  @Test
  void theZoneOfTheAskerCounts() throws Exception {
    session.zone(Optional.of("Europe/Berlin"));
    assertThat(of("select * from ledger where minute >= '2026-03-01'"))
        .isEqualTo(from("2026-02-28T23:00:00Z"));
  }

  @Test
  void theWidestOfSeveralCounts() throws Exception {
    assertThat(
            of(
                "select * from ledger where minute > '2026-03-01' union all"
                    + " select * from ledger where minute > '2026-01-01'"))
        .isEqualTo(from("2026-01-01T00:00:00Z"));
    assertThat(
            of("select * from ledger where minute > '2026-03-01' union all select * from ledger"))
        .isEqualTo(ALL);
  }

  @Test
  void whateverElseBoundsNothing() throws Exception {
    for (String sql :
        new String[] {
          "select * from ledger",
          "select * from ledger where minute > '2026-03-01' or source = 'web'",
          "select * from ledger where not minute > '2026-03-01'",
          "select * from ledger a join ledger b using (minute) where minute > '2026-03-01'",
          "select * from ledger where minute > (select min(timestamp) from events)",
          "select * from ledger where minute > $1",
          "select * from ledger where minute + interval 1 day > '2026-03-01'",
          "select * from ledger where minute > 'no time'",
          "select * from ledger where minute > null",
          "select * from ledger tablesample 10% where minute > '2026-03-01'",
          "select * from events o where exists (select 1 from ledger where o.minute > '2026-03-01')",
          "with l as (select * from ledger) select * from l where minute > '2026-03-01'",
          "summarize ledger"
        }) {
      assertThat(of(sql)).as(sql).isEqualTo(ALL);
    }
  }

  @Test
  void whatCannotBeCopiesNothing() throws Exception {
    SystemTable.Span span =
        of("select * from ledger where minute > '2026-03-05' and minute < '2026-03-01'");
    assertThat(span.from()).isGreaterThanOrEqualTo(span.to());
  }
}
