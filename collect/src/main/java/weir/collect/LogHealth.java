package weir.collect;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the raw log takes appends, as the last answers tell. */
final class LogHealth {
  private static final Logger LOG = LoggerFactory.getLogger(LogHealth.class);

  private volatile String said = "";
  private volatile @Nullable String trouble;

  /** The log refused, or failed: not ready until it stored something, or some time has passed. */
  void troubled(String why) {
    trouble = why;
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

  /** Why the log has stored nothing since; empty where the last answer was that it has. */
  String lasting() {
    return said;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
