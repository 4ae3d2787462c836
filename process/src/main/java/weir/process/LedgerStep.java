package weir.process;

import java.util.Map;

/**
 * What one transaction of the ledger changes.
 *
 * @param from what must be counted before it
 * @param to what is counted after it
 * @param added numbers to add
 * @param open of the rows whose open events changed, how many there are now
 * @param rounds how many rounds of events it counts as loaded
 */
record LedgerStep(
    LedgerStore.Cut from,
    LedgerStore.Cut to,
    Map<LedgerCount.Key, LedgerCount> added,
    Map<LedgerCount.Key, Open> open,
    int rounds) {
  /**
   * Events of a row that are not loaded yet.
   *
   * @param inFlight accepted and not decided, or decided and not committed
   * @param uncommitted of these, decided and not committed
   */
  record Open(long inFlight, long uncommitted) {}
}
