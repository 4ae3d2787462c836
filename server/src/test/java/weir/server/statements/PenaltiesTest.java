package weir.server.statements;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PenaltiesTest {
  private final AtomicLong ticker = new AtomicLong();
  private final Penalties penalties = new Penalties(ticker::get);

  private void pass(Duration time) {
    ticker.addAndGet(time.toNanos());
  }

  @Test
  void waitsGrowAndAreForgiven() {
    assertThat(penalties.left("k")).isZero();
    for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      penalties.blame("k");
      assertThat(penalties.left("k")).isEqualTo(Duration.ofSeconds(seconds));
      assertThat(penalties.left("other")).isZero();
      pass(Duration.ofSeconds(seconds));
      assertThat(penalties.left("k")).isZero();
    }
    pass(Duration.ofMinutes(11));
    penalties.blame("k");
    assertThat(penalties.left("k")).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theWaitPasses() {
    penalties.blame("k");
    pass(Duration.ofMillis(400));
    assertThat(penalties.left("k")).isEqualTo(Duration.ofMillis(600));
  }
}
