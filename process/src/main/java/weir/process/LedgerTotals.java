package weir.process;

/**
 * The sums of the ledger over all time.
 *
 * @param uncommitted of those in flight, decided and not committed
 * @param balanced whether every row balances
 */
public record LedgerTotals(
    long accepted, long quarantined, long inFlight, long uncommitted, boolean balanced) {}
