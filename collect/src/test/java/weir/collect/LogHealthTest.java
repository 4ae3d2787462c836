package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import weir.testkit.ManualClock;

class LogHealthTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final LogHealth health = new LogHealth(clock);

  @Test
  void whatWasRefusedLongAgoIsNoProblemNow() {
    assertThat(health.lasting()).isEmpty();
    health.troubled("full");
    clock.advance(Duration.ofSeconds(59));
    assertThat(health.lasting()).isEqualTo("full");
    health.troubled("full");
    clock.advance(Duration.ofSeconds(59));
    assertThat(health.lasting()).as("each refused request counts").isEqualTo("full");
    clock.advance(Duration.ofSeconds(2));
    assertThat(health.lasting()).isEmpty();
  }

  @Test
  void oneStoredRequestEndsIt() {
    health.troubled("full");
    health.stored();
    assertThat(health.lasting()).isEmpty();
    assertThat(health.trouble()).isNull();
  }
}
