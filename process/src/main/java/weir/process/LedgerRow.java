package weir.process;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What became of the events of one write key that were received in one minute, at one cut of the
 * logs' and the lake's positions. Every number is counted by itself; none is the rest of the
 * others.
 *
 * @param minute its beginning
 * @param source the write key's name
 * @param accepted events that the collector accepted, by the raw log's requests
 * @param derived bad events that stand for stretches of the raw log that cannot be read
 * @param loaded events in the lake
 * @param quarantined bad events in the lake
 * @param duplicate events left out since their ids were seen before
 * @param dropped events left out by policy, by reason
 * @param inFlight accepted and not decided, or decided and not in the lake
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
    Objects.requireNonNull(minute, "minute");
    Objects.requireNonNull(source, "source");
    dropped = Map.copyOf(dropped);
  }

  /** How many events came more than went (negative: fewer); 0 unless something is wrong. */
  public long imbalance() {
    long left = dropped.values().stream().mapToLong(Long::longValue).sum();
    return accepted + derived - loaded - quarantined - duplicate - left - inFlight;
  }

  public boolean balanced() {
    return imbalance() == 0;
  }
}
