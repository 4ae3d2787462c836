package weir.decode;

/**
 * What the ledger counts of a raw request.
 *
 * @param project the project of the write key at the time of receipt
 * @param source the name of the write key at the time of receipt
 * @param receivedAt microseconds since the epoch
 * @param events how many events the collector accepted with it
 */
public record RawSummary(String project, String source, long receivedAt, int events) {}
