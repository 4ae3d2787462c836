package weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  @Test
  void theTickerDoesNotFollowASetWall() {
    ManualClock clock = new ManualClock(Instant.EPOCH);
    clock.advance(Duration.ofSeconds(3));
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(3));
    assertThat(clock.ticker().getAsLong()).isEqualTo(3_000_000_000L);
    clock.setWall(Instant.ofEpochSecond(-9));
    assertThat(clock.instant()).isEqualTo(Instant.ofEpochSecond(-9));
    assertThat(clock.ticker().getAsLong()).isEqualTo(3_000_000_000L);
  }
}
