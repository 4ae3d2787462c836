package weir.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must be in the tables after faults.
 *
 * @param acknowledged ids that were answered 200 at least once
 * @param sent ids that were sent, answered or not; includes the acknowledged ones
 * @param acknowledgedSends how many events were answered 200, repeated ones each time
 * @param sends how many events were sent in all
 */
record Expectation(Set<String> acknowledged, Set<String> sent, long acknowledgedSends, long sends) {
  private static final int SHOWN = 10;

  Expectation {
    acknowledged = Set.copyOf(acknowledged);
    sent = Set.copyOf(sent);
  }

  /** What is in the tables, and what the ledger says of it. */
  record Found(List<String> events, List<String> badEvents, Totals ledger) {
    Found {
      events = List.copyOf(events);
      badEvents = List.copyOf(badEvents);
    }
  }

  /** The ledger's sums over all minutes and sources. */
  record Totals(
      long accepted,
      long derived,
      long loaded,
      long quarantined,
      long duplicate,
      long dropped,
      long inFlight) {
    boolean balanced() {
      return accepted + derived == loaded + quarantined + duplicate + dropped + inFlight;
    }
  }

  /** Every promise that is broken, in words; empty if all are kept. */
  List<String> violations(Found found) {
    List<String> violations = new ArrayList<>();
    Map<String, Integer> times = new HashMap<>();
    found.events().forEach(id -> times.merge(id, 1, Integer::sum));
    found.badEvents().forEach(id -> times.merge(id, 1, Integer::sum));
    List<String> lost = acknowledged.stream().filter(id -> !times.containsKey(id)).toList();
    List<String> twice =
        times.keySet().stream().filter(id -> times.getOrDefault(id, 0) > 1).toList();
    List<String> strange = times.keySet().stream().filter(id -> !sent.contains(id)).toList();
    report(violations, "answered 200, but in no table", lost);
    report(violations, "more than once in the tables", twice);
    report(violations, "in the tables, but never sent", strange);
    checkLedger(violations, found);
    return violations;
  }

  private static void report(List<String> violations, String what, List<String> ids) {
    if (!ids.isEmpty()) {
      violations.add(ids.size() + " " + what + ": " + ids.stream().sorted().limit(SHOWN).toList());
    }
  }

  private void checkLedger(List<String> violations, Found found) {
    Totals ledger = found.ledger();
    if (!ledger.balanced()) {
      violations.add("the ledger is not balanced: " + ledger);
    }
    if (ledger.inFlight() != 0) {
      violations.add("in flight for ever: " + ledger);
    }
    if (ledger.loaded() != found.events().size()) {
      violations.add(
          "loaded by the ledger, not by the table: "
              + ledger.loaded()
              + " of "
              + found.events().size());
    }
    if (ledger.quarantined() != found.badEvents().size()) {
      violations.add(
          "quarantined by the ledger, not by the table: "
              + ledger.quarantined()
              + " of "
              + found.badEvents().size());
    }
    if (ledger.accepted() < acknowledgedSends || ledger.accepted() > sends) {
      violations.add(
          "accepted by the ledger: "
              + ledger.accepted()
              + ", answered 200: "
              + acknowledgedSends
              + ", sent: "
              + sends);
    }
  }
}
