package weir.query.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** PostgreSQL counts from the first of January 2000, in microseconds and in days. */
class PostgresTimesTest {
  @Test
  void timesCountFrom2000() {
    assertThat(PostgresTimes.binary(Instant.parse("2000-01-01T00:00:00Z"))).isZero();
    assertThat(PostgresTimes.binary(Instant.parse("2000-01-02T00:00:00.000001Z")))
        .isEqualTo(86_400_000_001L);
    assertThat(PostgresTimes.binary(Instant.EPOCH)).isEqualTo(-946_684_800_000_000L);
  }

  @Test
  void daysCountFrom2000() {
    assertThat(PostgresTimes.binary(LocalDate.of(2000, 1, 1))).isZero();
    assertThat(PostgresTimes.binary(LocalDate.of(2024, 2, 29))).isEqualTo(8825);
    assertThat(PostgresTimes.binary(LocalDate.EPOCH)).isEqualTo(-10957);
  }

  @Test
  void theEndsOfTimeAreInfinite() {
    Instant forever = Instant.EPOCH.plus(Long.MAX_VALUE, ChronoUnit.MICROS);
    assertThat(PostgresTimes.binary(forever)).isEqualTo(Long.MAX_VALUE);
  }
}
