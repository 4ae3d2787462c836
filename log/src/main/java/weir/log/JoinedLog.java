package weir.log;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import weir.event.Position;
import weir.event.Positions;

/** Logs that are the partitions of one. */
final class JoinedLog implements PartitionedLog {
  private final List<EventLog> partitions;

  JoinedLog(List<EventLog> partitions) {
    this.partitions = List.copyOf(partitions);
    if (partitions.isEmpty()
        || partitions.stream().map(EventLog::partition).distinct().count() < partitions.size()) {
      throw new IllegalArgumentException("partitions are missing or there twice");
    }
  }

  private interface Place {
    Position of(EventLog log) throws IOException;
  }

  private Positions each(Place place) throws IOException {
    TreeMap<Integer, Position> positions = new TreeMap<>();
    for (EventLog log : partitions) {
      positions.put(log.partition(), place.of(log));
    }
    return Positions.of(positions);
  }

  @Override
  public List<EventLog> partitions() {
    return partitions;
  }

  @Override
  public PartitionedReader read(Positions from) throws IOException {
    SortedMap<Integer, LogReader> readers = new TreeMap<>();
    try {
      for (EventLog log : partitions) {
        readers.put(log.partition(), log.read(from.of(log.partition())));
      }
    } catch (IOException | RuntimeException e) {
      readers.values().forEach(LogReader::close);
      throw e;
    }
    return new JoinedReader(readers);
  }

  @Override
  public Positions durableEnd() {
    TreeMap<Integer, Position> positions = new TreeMap<>();
    partitions.forEach(log -> positions.put(log.partition(), log.durableEnd()));
    return Positions.of(positions);
  }

  @Override
  public Positions earliest() throws IOException {
    return each(EventLog::earliest);
  }

  @Override
  public long bytesBetween(Positions from, Positions to) {
    return partitions.stream()
        .mapToLong(log -> log.bytesBetween(from.of(log.partition()), to.of(log.partition())))
        .sum();
  }

  @Override
  public void releaseBefore(Positions positions) throws IOException {
    for (EventLog log : partitions) {
      log.releaseBefore(positions.of(log.partition()));
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (EventLog log : partitions) {
      try {
        log.close();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
