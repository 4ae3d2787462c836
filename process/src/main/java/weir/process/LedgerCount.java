package weir.process;

import java.util.HashMap;
import java.util.Map;
import weir.event.CleanSummary;

/** Numbers of one ledger row that are still to be added to it. */
final class LedgerCount {
  private static final long MICROS_A_MINUTE = 60_000_000L;

  /** The row that something counts for. */
  record Key(String project, String source, long minute) {
    static Key of(String project, String source, long receivedAt) {
      return new Key(project, source, Math.floorDiv(receivedAt, MICROS_A_MINUTE));
    }
  }

  long accepted;
  long derived;
  long loaded;
  long quarantined;
  long duplicate;
  final Map<String, Long> dropped = new HashMap<>();

  /**
   * Counts a decision; an event counts as loaded when the tables hold it, and not here. What stands
   * for a stretch of the raw log that nobody can read was accepted by no one, and so is derived.
   */
  void decide(CleanSummary record) {
    switch (record.decision()) {
      case EVENT -> {}
      case DERIVED -> derived++;
      case BAD -> {
        quarantined++;
        if (record.origin().rawPosition().index() == DecodedEntry.UNREADABLE) {
          derived++;
        }
      }
      case DUPLICATE -> duplicate++;
      case DROPPED ->
          dropped.merge(record.reason() == null ? "unknown" : record.reason(), 1L, Long::sum);
    }
  }

  /** How many events policy left out. */
  long left() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  void add(LedgerCount other) {
    accepted += other.accepted;
    derived += other.derived;
    loaded += other.loaded;
    quarantined += other.quarantined;
    duplicate += other.duplicate;
    other.dropped.forEach((reason, n) -> dropped.merge(reason, n, Long::sum));
  }
}
