package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Recovers by {@code weir start}, in all its processes. */
final class ProcessRecovery implements Recovery {
  private static final Duration TO_SETTLE = Duration.ofSeconds(60);

  @Override
  public Expectation.Found recover(Path data)
      throws IOException, InterruptedException, TimeoutException {
    try (WeirProcess weir = WeirProcess.start(data, Map.of())) {
      return weir.settle(TO_SETTLE);
    }
  }
}
