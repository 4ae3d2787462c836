package weir.collect;

import org.jspecify.annotations.Nullable;

/** Whether the raw log takes appends, as the last answers tell. */
final class LogHealth {
  private volatile @Nullable String trouble;

  /** The log refused, or failed: not ready until it stored something, or some time has passed. */
  void troubled(String why) {
    trouble = why;
  }

  void stored() {
    if (trouble != null) {
      trouble = null;
    }
  }

  /** Time has passed: let requests find out. */
  void forget() {
    trouble = null;
  }

  @Nullable String trouble() {
    return trouble;
  }
}
