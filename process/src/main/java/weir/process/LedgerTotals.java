package weir.process;

/**
 * The sums of the ledger over all time.
 *
 * @param derived events that plug-ins made beside those that were accepted, and stretches of the
 *     raw log that nobody can read
 * @param uncommitted of those in flight, decided and not committed
 * @param balanced whether every row balances
 */
public record LedgerTotals(
    long accepted,
    long derived,
    long quarantined,
    long inFlight,
    long uncommitted,
    boolean balanced) {}
