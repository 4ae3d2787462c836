package weir.collect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the raw log takes appends, as the last answers tell. */
final class LogHealth {
  private static final Logger LOG = LoggerFactory.getLogger(LogHealth.class);

  /** Nobody is refused any more where nobody has been for so long, or nobody asks. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final InstantSource clock;
  private volatile String said = "";
  private volatile Instant refused = Instant.EPOCH;
  private volatile @Nullable String trouble;

  LogHealth(InstantSource clock) {
    this.clock = clock;
  }

  /** The log refused, or failed: not ready until it stored something, or some time has passed. */
  void troubled(String why) {
    trouble = why;
    refused = clock.instant();
    if (!why.equals(said)) {
      said = why;
      LOG.warn("requests are answered 503 from now on: {}", why);
    }
  }

  void stored() {
    if (trouble != null) {
      trouble = null;
    }
    if (!said.isEmpty()) {
      said = "";
      LOG.info("requests are stored again");
    }
  }

  /** Time has passed: let requests find out. */
  void forget() {
    trouble = null;
  }

  /**
   * Why the log has stored nothing since; empty where the last answer was that it has, or long ago.
   */
  String lasting() {
    return clock.instant().isAfter(refused.plus(RECENT)) ? "" : said;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
