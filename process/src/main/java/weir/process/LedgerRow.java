package weir.process;

import java.time.Instant;
import java.util.Map;

/**
 * What became of the events that one source sent in one minute, all counted at one cut of
 * positions.
 *
 * @param minute the minute of receipt
 * @param accepted events that requests were answered 200 for, counted from the raw log
 * @param derived events that came from nowhere else than the platform itself, such as the record of
 *     a damaged stretch
 * @param loaded events committed to the table {@code events}, ever
 * @param quarantined events committed to {@code bad_events}, ever
 * @param dropped events left out by policy, by reason
 * @param inFlight events accepted but not decided, or decided but not committed
 */
public record LedgerRow(
    Instant minute,
    String source,
    long accepted,
    long derived,
    long loaded,
    long quarantined,
    long duplicate,
    Map<String, Long> dropped,
    long inFlight) {
  public LedgerRow {
    dropped = Map.copyOf(dropped);
  }

  /** Whether every event is accounted for. */
  public boolean balanced() {
    long left = dropped.values().stream().mapToLong(Long::longValue).sum();
    return accepted + derived == loaded + quarantined + duplicate + left + inFlight;
  }
}
