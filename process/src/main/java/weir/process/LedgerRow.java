package weir.process;

import java.time.Instant;
import java.util.Map;

/**
 * What became of the events that one source sent in one minute, or an hour or day of long ago, all
 * counted at one cut of positions.
 *
 * @param minute the minute of receipt; of a longer span its first
 * @param span how long, from then on
 * @param accepted events that requests were answered 200 for, counted from the raw log
 * @param derived events that came from nowhere else than the platform itself, such as the record of
 *     a damaged stretch
 * @param loaded events committed to the table {@code events}, ever
 * @param quarantined events decided to be rows of {@code bad_events}, ever
 * @param duplicate events decided to have come before
 * @param dropped events left out by policy, by reason
 * @param inFlight events accepted and not decided, or decided to be rows of {@code events} and not
 *     committed
 * @param uncommitted of these, decided and not committed: SQL sees them already
 */
public record LedgerRow(
    Instant minute,
    LedgerSpan span,
    String source,
    long accepted,
    long derived,
    long loaded,
    long quarantined,
    long duplicate,
    Map<String, Long> dropped,
    long inFlight,
    long uncommitted) {
  public LedgerRow {
    dropped = Map.copyOf(dropped);
  }

  /** Whether every event is accounted for. */
  public boolean balanced() {
    long left = dropped.values().stream().mapToLong(Long::longValue).sum();
    return accepted + derived == loaded + quarantined + duplicate + left + inFlight;
  }
}
