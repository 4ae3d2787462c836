package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ClientTimeTest {
  private static final long EXPECTED = 1_769_862_896_789_000L; // 2026-01-31T12:34:56.789Z

  @Test
  void theUsualVariants() {
    for (String text :
        new String[] {
          "2026-01-31T12:34:56.789Z",
          "2026-01-31t12:34:56.789z",
          "2026-01-31 12:34:56.789",
          "2026-01-31 12:34:56,789 UTC",
          "2026-01-31T12:34:56.789000000Z",
          "2026-01-31T14:34:56.789+02:00",
          "2026-01-31T14:34:56.789+0200",
          "2026-01-31T14:34:56.789 +02",
          "2026-01-31T07:04:56.789-05:30",
          "20260131T123456.789Z",
          " 2026-01-31T12:34:56.789Z ",
          "1769862896789",
          "1769862896.789",
          "1769862896789000",
          "1769862896789000000",
        }) {
      assertThat(ClientTime.parse(text)).as(text).hasValue(EXPECTED);
    }
    assertThat(ClientTime.parse("2026-01-31T12:34")).hasValue(1_769_862_840_000_000L);
    assertThat(ClientTime.parse("2026-01-31")).hasValue(1_769_817_600_000_000L);
    assertThat(ClientTime.parse("20260131")).hasValue(1_769_817_600_000_000L);
    assertThat(ClientTime.parse("2026-01-30T24:00:00Z")).hasValue(1_769_817_600_000_000L);
    assertThat(ClientTime.parse("0")).hasValue(0);
    assertThat(ClientTime.parse("0001-01-01T00:00:00Z")).isPresent();
  }

  @Test
  void whatIsNoTime() {
    for (String text :
        new String[] {
          "",
          "yesterday",
          "2026-02-30T00:00:00Z",
          "2026-13-01",
          "2026-01-31T25:00:00Z",
          "2026-01-31T12:60:00Z",
          "2026-01-31T12:34:56.Z",
          "2026-01-31T12:34:56Zx",
          "2026-01-31T12:34:56+99:00",
          "2026-01-31T",
          "2026-1-31",
          "1e400",
          "99999999999999999999999",
          "--5",
          ".",
        }) {
      assertThat(ClientTime.parse(text)).as(text).isEmpty();
    }
  }

  @Property(tries = 1000)
  void agreesWithTheJdk(
      @ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos,
      @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int minutes) {
    Instant instant = Instant.ofEpochSecond(second, nanos);
    var local = instant.atOffset(ZoneOffset.ofTotalSeconds(minutes * 60));
    if (local.getYear() < 1 || local.getYear() > 9999) {
      return;
    }

    assertThat(ClientTime.parse(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local)))
        .hasValue(ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS)));
  }
}
