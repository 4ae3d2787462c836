package weir.tap;

import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.event.CleanEvent;
import weir.event.CleanFormatException;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.event.ProjectProperties;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.PositionReleasedException;

/**
 * Reads events out of a clean log, chunk by chunk, for readers that keep their own position. Safe
 * for use by several threads.
 */
public final class CleanEvents {
  private static final int MOST_BYTES = 1 << 20;

  /** Of the log, in one go: a reader of rare events must not keep a thread for ever. */
  private static final long MOST_READ = 16 << 20;

  private final EventLog clean;
  private final Function<String, ProjectProperties> properties;

  /**
   * @param properties what is known of a project's properties; quick
   */
  public CleanEvents(EventLog clean, Function<String, ProjectProperties> properties) {
    this.clean = clean;
    this.properties = properties;
  }

  EventLog log() {
    return clean;
  }

  Frames frames(EventFilter filter, Framing framing) {
    return new Frames(filter, framing, properties);
  }

  /** Where whoever asks for the earliest begins. */
  public Position earliest() throws IOException {
    return clean.earliest();
  }

  /** Where whoever asks for the latest begins. */
  public Position end() {
    return clean.durableEnd();
  }

  /** About how many bytes a reader at a position is behind. */
  public long lag(Position position) {
    return clean.bytesBetween(position, clean.durableEnd());
  }

  /**
   * Whether a position is one that this log has named: where an entry begins, or the end.
   *
   * @throws PositionReleasedException if it was given back
   */
  public boolean isKnown(Position position) throws IOException {
    if (position.equals(clean.durableEnd()) || position.equals(Position.START)) {
      return true;
    }
    if (clean.durableEnd().isBefore(position)) {
      return false;
    }
    try (LogReader reader = clean.read(position)) {
      return reader.next() instanceof LogEntry.Frame frame && frame.position().equals(position);
    }
  }

  /**
   * The next events for a reader.
   *
   * @param most how many of them at most
   * @throws PositionReleasedException if the log has given that back
   */
  public Chunk read(Position from, EventFilter filter, Framing framing, int most)
      throws IOException {
    return read(from, null, filter, framing, most);
  }

  /**
   * The next events for a reader, up to a bound.
   *
   * @param most how many of them at most
   * @param mostBytes how long they may be together; a single one may be longer
   * @throws PositionReleasedException if the log has given that back
   */
  public Chunk read(Position from, EventFilter filter, Framing framing, int most, int mostBytes)
      throws IOException {
    return read(from, null, filter, framing, new Bound(most, mostBytes, MOST_READ, true));
  }

  /**
   * The events for a reader up to a position, as many as they are.
   *
   * @param upTo that an earlier chunk from the same position has named as where to go on
   * @throws PositionReleasedException if the log has given that back
   */
  public Chunk readAgain(Position from, Position upTo, EventFilter filter, Framing framing)
      throws IOException {
    return read(
        from,
        upTo,
        filter,
        framing,
        new Bound(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, true));
  }

  /** Where a chunk ends: with the event that reaches the bytes, or before it. */
  private record Bound(int events, int bytes, long read, boolean strict) {
    boolean leaves(Frames frames) {
      return frames.events() < events && frames.size() < bytes;
    }

    boolean isPassed(Frames frames) {
      return strict && frames.events() > 1 && frames.size() > bytes;
    }
  }

  /**
   * @param upTo where an entry begins, not to be passed; null for the end
   */
  Chunk read(Position from, @Nullable Position upTo, EventFilter filter, Framing framing, int most)
      throws IOException {
    return read(from, upTo, filter, framing, new Bound(most, MOST_BYTES, MOST_READ, false));
  }

  private Chunk read(
      Position from, @Nullable Position upTo, EventFilter filter, Framing framing, Bound bound)
      throws IOException {
    requireKept(from);
    Frames frames = frames(filter, framing);
    CleanRecordCodec codec = new CleanRecordCodec();
    try (LogReader reader = clean.read(from)) {
      long read = 0;
      while (bound.leaves(frames) && read < bound.read()) {
        boolean there = upTo != null && !reader.position().isBefore(upTo);
        LogEntry entry = there ? null : reader.next();
        if (entry == null) {
          return frames.chunk(reader.position(), true);
        }
        read += entry.length();
        CleanEvent event = event(codec, entry, filter.project());
        if (event != null) {
          frames.add(event, entry.next());
          if (bound.isPassed(frames)) {
            return frames.chunkWithoutLast(entry.position());
          }
        }
      }
      return frames.chunk(reader.position(), false);
    }
  }

  /** To readers the log's beginning is a position as any other, not the earliest there is. */
  private void requireKept(Position from) throws IOException {
    if (from.equals(Position.START)) {
      Position earliest = clean.earliest();
      if (!earliest.equals(Position.START)) {
        throw new PositionReleasedException(from, earliest);
      }
    }
  }

  /** The event of an entry; null if it is none, or one of another project. */
  static @Nullable CleanEvent event(CleanRecordCodec codec, LogEntry entry, String project) {
    if (!(entry instanceof LogEntry.Frame frame)) {
      return null;
    }
    try {
      return codec.summary(frame.payload()).origin().project().equals(project)
              && codec.decode(frame.payload()) instanceof CleanEvent event
          ? event
          : null;
    } catch (CleanFormatException e) {
      return null; // a frame of a newer Weir
    }
  }
}
