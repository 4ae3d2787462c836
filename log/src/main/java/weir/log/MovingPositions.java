package weir.log;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import weir.event.Position;
import weir.event.Positions;

/**
 * How far a reader has come, partition by partition. One thread moves it; any may ask, and sees of
 * each partition what it was moved to last.
 */
public final class MovingPositions {
  private final Map<Integer, AtomicReference<Position>> partitions = new ConcurrentHashMap<>();

  /** Begins at a cut. */
  public MovingPositions(Positions from) {
    from.known().forEach(this::moveTo);
  }

  /** Moves one partition. */
  public void moveTo(int partition, Position position) {
    AtomicReference<Position> known = partitions.get(partition);
    if (known == null) {
      partitions.put(partition, new AtomicReference<>(position));
    } else {
      known.set(position);
    }
  }

  /** Moves past an entry. */
  public void moveBehind(LogEntry entry) {
    moveTo(entry.partition(), entry.next());
  }

  /** Where it is now. */
  public Positions now() {
    TreeMap<Integer, Position> now = new TreeMap<>();
    partitions.forEach((partition, position) -> now.put(partition, position.get()));
    return Positions.of(now);
  }
}
