package weir.process;

import java.time.Duration;
import java.util.Locale;

/** How much time one row of the ledger stands for: old rows are added up to longer ones. */
public enum LedgerSpan {
  MINUTE(1),
  HOUR(60),
  DAY(1440);

  private final int minutes;

  LedgerSpan(int minutes) {
    this.minutes = minutes;
  }

  int minutes() {
    return minutes;
  }

  /** As {@code insights} name it: {@code minute}, {@code hour}, {@code day}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Duration duration() {
    return Duration.ofMinutes(minutes);
  }

  static LedgerSpan ofMinutes(int minutes) {
    for (LedgerSpan span : values()) {
      if (span.minutes == minutes) {
        return span;
      }
    }
    throw new IllegalArgumentException("no row of the ledger stands for " + minutes + " minutes");
  }
}
