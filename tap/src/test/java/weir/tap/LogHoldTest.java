package weir.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;
import weir.testkit.ManualClock;

class LogHoldTest {
  private static final Instant START = Instant.parse("2026-01-08T00:00:00Z");
  private static final Duration AGE = Duration.ofHours(24);

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(START);
  private EventLog log;
  private LogHold hold;

  @BeforeEach
  void open() throws IOException {
    log =
        EmbeddedLog.writer(
            Files.system(), folder, new LogOptions(1 << 16, 1 << 20, 0, 1 << 16), clock);
    hold = new LogHold(log, AGE, 1 << 20, clock, clock.ticker());
  }

  @AfterEach
  void close() throws Exception {
    log.close();
  }

  /** Appends some segments in the course of an hour. */
  private void append() throws Exception {
    byte[] frame = "x".repeat(30_000).getBytes(UTF_8);
    for (int i = 0; i < 6; i++) {
      log.append(List.of(frame));
      clock.advance(Duration.ofMinutes(10));
    }
  }

  @Test
  void whatIsOlderIsHeldNoMore() throws Exception {
    append();
    assertThat(hold.holdsFrom()).isEqualTo(Position.START);
    for (int hour = 0; hour < 25; hour++) {
      clock.advance(Duration.ofHours(1));
      hold.holdsFrom();
    }
    assertThat(hold.holdsFrom()).isGreaterThan(Position.START);
  }

  /** A wrong time from a server, a virtual machine's, or an administrator's slip. */
  @Test
  void aClockThatLeapsAheadAndIsSetRightCostsReadersNothing() throws Exception {
    append();
    assertThat(hold.holdsFrom()).isEqualTo(Position.START);
    Instant right = clock.instant();
    clock.setWall(right.plus(Duration.ofDays(2)));
    for (int minute = 0; minute < 60; minute++) {
      clock.advance(Duration.ofMinutes(1));
      assertThat(hold.holdsFrom()).isEqualTo(Position.START);
    }
    clock.setWall(right.plus(Duration.ofHours(1)));
    assertThat(hold.holdsFrom()).isEqualTo(Position.START);
  }

  /** One that stays ahead is caught up with: what it stamps is held no longer than it should be. */
  @Test
  void aClockThatStaysAheadIsCaughtUpWith() throws Exception {
    append();
    clock.setWall(clock.instant().plus(Duration.ofDays(2)));
    for (int hour = 0; hour < 50; hour++) {
      clock.advance(Duration.ofHours(1));
      hold.holdsFrom();
    }
    assertThat(hold.holdsFrom()).isGreaterThan(Position.START);
  }

  @Test
  void aClockThatGoesBackHoldsWhatItHeld() throws Exception {
    append();
    Position before = hold.holdsFrom();
    clock.setWall(clock.instant().minus(Duration.ofDays(1)));
    assertThat(hold.holdsFrom()).isEqualTo(before);
  }
}
