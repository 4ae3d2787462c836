package weir.process;

import java.util.List;
import weir.event.RawPosition;
import weir.log.Position;

/**
 * An entry of the raw log after decoding.
 *
 * @param position its position in the raw log
 * @param next the position of the entry after it
 * @param receivedAt in microseconds; for an entry that cannot be read, when that was found
 * @param firstIndex the index of the first candidate: 0, or {@link #UNREADABLE}
 * @param bytes what it holds of the bound on bytes in flight
 */
record DecodedEntry(
    Position position,
    Position next,
    String project,
    String source,
    long receivedAt,
    int firstIndex,
    List<Candidate> candidates,
    long bytes) {
  /**
   * The index that stands for an entry as a whole, when its events cannot be told apart: after all
   * indexes that its events could have.
   */
  static final int UNREADABLE = Integer.MAX_VALUE;

  RawPosition rawPosition(int i) {
    return new RawPosition(position.value(), firstIndex + i);
  }
}
