package weir.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SuspensionTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Suspension suspension =
      new Suspension(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2), 0);

  @Test
  void whatIsLostSlowlyIsForgiven() {
    for (long minute = 1; minute < 100; minute++) {
      assertThat(suspension.lose(4 * SECOND, minute * 60 * SECOND)).isFalse();
    }
    assertThat(suspension.turn(6_000 * SECOND)).isEqualTo(Suspension.Turn.RUN);
  }

  @Test
  void whatIsLostAtOnceBringsRestAndThenATrial() {
    assertThat(suspension.lose(3 * SECOND, SECOND)).isFalse();
    assertThat(suspension.lose(3 * SECOND, 2 * SECOND)).isTrue();
    assertThat(suspension.lose(SECOND, 2 * SECOND)).as("it rests already").isFalse();
    assertThat(suspension.turn(31 * SECOND)).isEqualTo(Suspension.Turn.REST);
    assertThat(suspension.turn(32 * SECOND)).isEqualTo(Suspension.Turn.TRY);
    suspension.succeed(32 * SECOND);
    assertThat(suspension.turn(32 * SECOND)).isEqualTo(Suspension.Turn.RUN);
    assertThat(suspension.lose(4 * SECOND, 33 * SECOND)).as("all is forgiven").isFalse();
  }

  @Test
  void eachFailedTrialBringsALongerRest() {
    suspension.lose(6 * SECOND, 0);
    long now = 0;
    for (int seconds : new int[] {30, 60, 120, 120}) {
      assertThat(suspension.rest()).isEqualTo(Duration.ofSeconds(seconds));
      assertThat(suspension.turn(now + seconds * SECOND - 1)).isEqualTo(Suspension.Turn.REST);
      now += seconds * SECOND;
      assertThat(suspension.turn(now)).isEqualTo(Suspension.Turn.TRY);
      suspension.fail(now);
    }
    now += 120 * SECOND;
    suspension.turn(now);
    suspension.succeed(now);
    suspension.lose(6 * SECOND, now + SECOND);
    assertThat(suspension.rest()).as("it was not well for long").isEqualTo(Duration.ofMinutes(2));
    now += 121 * SECOND;
    suspension.turn(now);
    suspension.succeed(now);
    suspension.lose(6 * SECOND, now + 300 * SECOND);
    assertThat(suspension.rest()).isEqualTo(Duration.ofSeconds(30));
  }
}
