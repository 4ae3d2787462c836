package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void theFirstRestartIsAtOnceAndLaterOnesWaitLongerUpToABound() {
    Backoff backoff = new Backoff();
    assertThat(
            Stream.generate(() -> backoff.after(Duration.ofSeconds(1), false).toMillis()).limit(10))
        .containsExactly(
            0L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
  }

  @Test
  void whatHasRunSteadilyStartsAfresh() {
    Backoff backoff = new Backoff();
    for (int i = 0; i < 5; i++) {
      backoff.after(Duration.ZERO, false);
    }
    assertThat(backoff.after(Duration.ofMinutes(1), false)).isZero();
    assertThat(backoff.after(Duration.ZERO, false)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void anOrderedEndIsNoReasonToWaitHoweverOftenItComes() {
    Backoff backoff = new Backoff();
    assertThat(
            Stream.generate(() -> backoff.after(Duration.ofSeconds(4), true).toMillis()).limit(20))
        .containsOnly(0L);
    assertThat(backoff.after(Duration.ofSeconds(4), false)).isZero();
    assertThat(backoff.after(Duration.ofSeconds(4), false)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void whatIsKilledInItsStartEachTimeWaits() {
    Backoff backoff = new Backoff();
    assertThat(
            Stream.generate(() -> backoff.after(Duration.ofSeconds(1), true).toMillis()).limit(4))
        .containsExactly(0L, 500L, 1_000L, 2_000L);
  }
}
