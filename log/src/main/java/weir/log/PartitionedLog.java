package weir.log;

import java.io.IOException;
import java.util.List;
import weir.event.Position;
import weir.event.Positions;

/**
 * An event log as its readers see it who follow all of its partitions: frames of one partition come
 * in their order, those of different partitions in any.
 */
public interface PartitionedLog extends AutoCloseable {
  /** The partitions, each of which knows its number. */
  List<EventLog> partitions();

  /**
   * A reader of all partitions.
   *
   * @param from of each partition, {@link Position#START} (the earliest frame there is) or a
   *     position that an entry or this log has named
   * @throws PositionReleasedException if one lies before the earliest frame and is not START
   */
  PartitionedReader read(Positions from) throws IOException;

  /** After the last durable frame of each partition; see {@link EventLog#durableEnd()}. */
  Positions durableEnd();

  /** The earliest frame of each partition that is still held; see {@link EventLog#earliest()}. */
  Positions earliest() throws IOException;

  /** About how many bytes lie between two cuts, of all partitions together. */
  long bytesBetween(Positions from, Positions to);

  /** Gives back what lies before a cut; see {@link EventLog#releaseBefore}. */
  void releaseBefore(Positions positions) throws IOException;

  /** Closes the partitions. */
  @Override
  void close() throws IOException;

  /** A log of some partitions, which are this one's from then on. */
  static PartitionedLog of(List<EventLog> partitions) {
    return new JoinedLog(partitions);
  }

  /** A log that has one partition, which is this one's from then on. */
  static PartitionedLog of(EventLog only) {
    return of(List.of(only));
  }
}
