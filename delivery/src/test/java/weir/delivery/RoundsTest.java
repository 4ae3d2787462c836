package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void nobodyIsWokenInVain() throws Exception {
    Semaphore told = new Semaphore(0);
    Rounds.Step step =
        (id, woken) -> {
          if (woken) {
            told.release();
          }
          return Optional.of(Duration.ofNanos(1)); // so that a wake mostly meets no waiting
        };
    try (Rounds rounds = new Rounds(step, () -> 0, 1)) {
      for (int i = 0; i < 20_000; i++) {
        rounds.wake("one");
        assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).as("wake " + i).isTrue();
      }
    }
  }
}
