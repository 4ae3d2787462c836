package weir.delivery;

import java.time.Instant;

/**
 * What could not be delivered.
 *
 * @param request the id that its requests bore; empty for a gap, whose events the log had given
 *     back before they were delivered
 * @param events how many; 0 for a gap, of which that is not known
 * @param reason what the receiver answered last
 * @param wanted whether it waits to be delivered again
 */
public record DeadLetter(
    String id,
    String request,
    int events,
    long bytes,
    String reason,
    Instant createdAt,
    Instant expiresAt,
    boolean wanted) {
  /** Whether there is nothing to deliver again. */
  public boolean isGap() {
    return request.isEmpty();
  }
}
