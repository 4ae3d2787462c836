package weir.delivery;

import java.time.Duration;
import java.util.List;
import weir.event.Network;

/**
 * Within which bounds deliveries work.
 *
 * @param allowedNetworks where besides the public Internet may be delivered to
 * @param timeout how long a receiver may take to answer
 * @param attempts how often a batch is tried before it becomes a dead letter
 * @param longestWait between two attempts, unless the receiver asks for longer
 * @param batchBytes how long a request's events may be together; a single event may be longer
 * @param concurrency how many requests may be under way
 * @param most how many deliveries there may be
 * @param letterBytes how much dead letters may take; the oldest make room
 * @param letterAge how long they are kept
 * @param heldLog how much of the clean log is kept for readers
 */
public record DeliveryOptions(
    List<Network> allowedNetworks,
    Duration timeout,
    int attempts,
    Duration longestWait,
    int batchBytes,
    int concurrency,
    int most,
    long letterBytes,
    Duration letterAge,
    long heldLog) {
  public DeliveryOptions {
    allowedNetworks = List.copyOf(allowedNetworks);
  }
}
