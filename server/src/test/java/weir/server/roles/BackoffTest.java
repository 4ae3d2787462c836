package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void theFirstRestartIsAtOnceAndLaterOnesWaitLongerUpToABound() {
    Backoff backoff = new Backoff();
    assertThat(Stream.generate(() -> backoff.after(Duration.ofSeconds(1)).toMillis()).limit(10))
        .containsExactly(
            0L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
  }

  @Test
  void whatHasRunSteadilyStartsAfresh() {
    Backoff backoff = new Backoff();
    for (int i = 0; i < 5; i++) {
      backoff.after(Duration.ZERO);
    }
    assertThat(backoff.after(Duration.ofMinutes(1))).isZero();
    assertThat(backoff.after(Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
  }
}
