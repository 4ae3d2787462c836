package weir.log;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.event.Positions;

/** Reads partitions in turn, a stretch of each. */
final class JoinedReader implements PartitionedReader {
  /** After so many entries the next partition has its turn. */
  private static final int STRETCH = 500;

  /** How long one partition is waited for before the others are looked at. */
  private static final Duration GLANCE = Duration.ofMillis(5);

  private final List<Integer> partitions;
  private final List<LogReader> readers;
  private int turn;
  private int taken;

  /**
   * @param readers by partition
   */
  JoinedReader(SortedMap<Integer, LogReader> readers) {
    this.partitions = List.copyOf(readers.keySet());
    this.readers = List.copyOf(readers.values());
  }

  @Override
  public @Nullable LogEntry next() throws IOException {
    for (int tried = 0; tried <= readers.size(); tried++) {
      LogEntry entry = taken < STRETCH ? readers.get(turn).next() : null;
      if (entry != null) {
        taken++;
        return entry;
      }
      pass();
    }
    return null;
  }

  private void pass() {
    turn = (turn + 1) % readers.size();
    taken = 0;
  }

  @Override
  public Positions positions() {
    TreeMap<Integer, Position> positions = new TreeMap<>();
    for (int i = 0; i < readers.size(); i++) {
      positions.put(partitions.get(i), readers.get(i).position());
    }
    return Positions.of(positions);
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException, IOException {
    if (readers.size() == 1) {
      return readers.getFirst().await(atMost);
    }
    for (Duration left = atMost; ; left = left.minus(GLANCE)) {
      for (LogReader reader : readers) {
        if (reader.await(Duration.ZERO)) {
          return true;
        }
      }
      if (!left.isPositive()) {
        return false;
      }
      pass();
      if (readers.get(turn).await(left.compareTo(GLANCE) < 0 ? left : GLANCE)) {
        return true;
      }
    }
  }

  @Override
  public void close() {
    readers.forEach(LogReader::close);
  }
}
