package weir.delivery;

import java.time.Instant;
import java.util.Optional;
import weir.event.Position;

/**
 * A delivery of a project's events, as it stands.
 *
 * @param id names it for ever
 * @param name unique in its project
 * @param madeBy the id of the API key that answers for it: when that is revoked, it pauses
 * @param position from where on nothing was delivered
 * @param paused whether it rests
 * @param why it is paused; empty where somebody wanted it so
 * @param size how many events the next batch may have
 * @param pending a batch that was begun and not yet answered for; it begins at the position
 * @param last what the receiver answered last
 * @param delivered how many events were taken
 */
public record Delivery(
    String id,
    String project,
    String name,
    Target target,
    String madeBy,
    SigningSecrets secrets,
    Position position,
    boolean paused,
    String why,
    int size,
    Optional<Pending> pending,
    Optional<Last> last,
    Optional<Instant> deliveredAt,
    long delivered,
    Instant createdAt) {
  /**
   * A batch of events.
   *
   * @param id that its request bears each time
   * @param to where the next one begins
   * @param at when it was cut
   * @param attempts how many have failed
   * @param nextAt when it is tried next
   */
  public record Pending(
      String id, Position to, int events, Instant at, int attempts, Instant nextAt) {}

  /** An answer, in words. */
  public record Last(Instant at, String answer) {}
}
