package weir.log;

import java.io.IOException;
import java.util.List;
import weir.event.Position;

/**
 * A durable, ordered, append-only log of frames, with one writer and any number of readers, which
 * may live in other processes: one partition of a stream of events, or all there is of it.
 *
 * <p>A frame is durable once {@link #append} has answered {@link Appended.Stored}, and only durable
 * frames exist for readers: what was written but not yet synced may vanish in a power cut, and its
 * positions are then used again.
 */
public interface EventLog extends AutoCloseable {
  /** Which partition of its stream this is, from 0. */
  default int partition() {
    return 0;
  }

  /**
   * Appends frames and returns when all of them are durable (one fsync for the batch). Safe for use
   * by several threads; their batches never mix.
   *
   * @param batch frames, none of them empty
   * @throws LogFailedException if it is not certain what is stored
   * @throws IllegalArgumentException if a frame is empty or longer than the log can hold
   */
  Appended append(List<byte[]> batch) throws IOException;

  /**
   * A reader that starts at a position: {@link Position#START} (the earliest frame there is), or
   * one that an entry or this log has named.
   *
   * @throws PositionReleasedException if it lies before the earliest frame and is not START
   */
  LogReader read(Position from) throws IOException;

  /**
   * The position after the last durable frame. Where another process writes the log, the newest one
   * that it has published: it may lag behind, but is never ahead.
   *
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  Position durableEnd();

  /**
   * About how many bytes lie between two positions: what someone is behind, or keeps others from
   * giving back. Positions themselves are not subtracted. 0 if the second is not after the first.
   */
  long bytesBetween(Position from, Position to);

  /** The position of the earliest frame that is still held; the durable end if there is none. */
  Position earliest() throws IOException;

  /**
   * Gives back what lies before a position that all holders have passed. Never more than that, but
   * some of it may stay.
   */
  void releaseBefore(Position position) throws IOException;

  /**
   * Ends the writer or reader side of this log; readers opened from it are closed by their owners.
   */
  @Override
  void close() throws IOException;
}
