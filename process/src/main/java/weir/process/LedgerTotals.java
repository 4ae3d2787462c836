package weir.process;

/**
 * The sums of the ledger over all time.
 *
 * @param derived events that plug-ins made beside those that were accepted, and stretches of the
 *     raw log that nobody can read
 * @param duplicate events that had come before
 * @param dropped events left out by policy, whatever the reason
 * @param uncommitted of those in flight, decided and not committed
 * @param balanced whether every row balances
 */
public record LedgerTotals(
    long accepted,
    long derived,
    long quarantined,
    long duplicate,
    long dropped,
    long inFlight,
    long uncommitted,
    boolean balanced) {}
