package weir.process;

import java.util.List;
import weir.event.Position;
import weir.event.RawPosition;

/**
 * An entry of the raw log after decoding, or a slice of one that holds many events.
 *
 * @param position its position in the raw log
 * @param next up to where the raw log is done with once this is decided: the next entry's position,
 *     or, while slices of this one are to come, its own
 * @param receivedAt in microseconds; for an entry that cannot be read, when that was found
 * @param firstIndex the index of the first candidate in the request, or {@link #UNREADABLE}
 * @param cost about how many bytes the candidates take in memory
 */
record DecodedEntry(
    Position position,
    Position next,
    String project,
    String source,
    long receivedAt,
    int firstIndex,
    List<Candidate> candidates,
    long cost) {
  /**
   * The index that stands for an entry as a whole, when its events cannot be told apart: after all
   * indexes that its events could have.
   */
  static final int UNREADABLE = Integer.MAX_VALUE;

  /** Whether no slice of this entry follows. */
  boolean last() {
    return position.isBefore(next);
  }

  /** The same of other candidates. */
  DecodedEntry with(Position next, int firstIndex, List<Candidate> candidates) {
    long cost = candidates.stream().mapToLong(Candidate::cost).sum();
    return new DecodedEntry(
        position, next, project, source, receivedAt, firstIndex, candidates, cost);
  }

  RawPosition rawPosition(int partition, int i) {
    return new RawPosition(partition, position, firstIndex + i);
  }
}
