package weir.server.live;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import weir.event.CleanFormatException;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.PositionReleasedException;
import weir.log.Seekable;

/**
 * The end of a clean log, read afresh for whoever asks: nothing runs and nothing is held while
 * nobody does. However much was appended since the position that is asked for, only so many bytes
 * of it are read as a page can show; where to begin then, the log's index by time tells. Safe for
 * use by several threads.
 */
final class RecentDecisions {
  /** How far before the end it is worth to begin, and how far a reader may lie behind. */
  private static final long NEAR = 2 << 20;

  private static final long KEPT_BYTES = 4 << 20;

  /** Tried in turn: the last one that is still near the end is begun at. */
  private static final List<Duration> AGES =
      List.of(
          Duration.ZERO,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(7),
          Duration.ofDays(90));

  private final EventLog clean;
  private final InstantSource clock;

  RecentDecisions(EventLog clean, InstantSource clock) {
    this.clean = clean;
    this.clock = clock;
  }

  /**
   * Some decisions.
   *
   * @param records the oldest first
   * @param position to ask on from
   * @param skipped whether some between the asked position and the first record were passed over
   */
  record Page(List<CleanRecord> records, Position position, boolean skipped) {}

  Page read(String project, Optional<Position> after, int limit) throws IOException {
    Position end = clean.durableEnd();
    boolean near =
        after.isPresent() && !end.isBefore(after.get()) && distance(after.get(), end) <= NEAR;
    try {
      return near
          ? read(project, after.get(), limit, false)
          : read(project, start(end), limit, true);
    } catch (PositionReleasedException e) {
      return read(project, Position.START, limit, true);
    }
  }

  private long distance(Position from, Position to) {
    return clean.bytesBetween(from, to);
  }

  private Position start(Position end) throws IOException {
    if (!(clean instanceof Seekable index)) {
      return Position.START;
    }
    Instant now = clock.instant();
    Position best = index.positionAt(now);
    for (Duration age : AGES) {
      Position earlier = index.positionAt(now.minus(age));
      if (distance(earlier, end) > NEAR) {
        break;
      }
      best = earlier;
    }
    return best;
  }

  private Page read(String project, Position from, int limit, boolean skipped) throws IOException {
    CleanRecordCodec codec = new CleanRecordCodec(); // others read at the same time
    Deque<byte[]> kept = new ArrayDeque<>();
    long bytes = 0;
    boolean left = skipped;
    Position position;
    try (LogReader reader = clean.read(from)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry instanceof LogEntry.Frame frame && isOf(codec, project, frame.payload())) {
          kept.add(frame.payload());
          bytes += frame.payload().length;
        }
        while (kept.size() > limit || (bytes > KEPT_BYTES && kept.size() > 1)) {
          bytes -= kept.remove().length;
          left = true;
        }
      }
      position = reader.position();
    }
    List<CleanRecord> records = new ArrayList<>(kept.size());
    kept.forEach(payload -> records.add(codec.decode(payload)));
    return new Page(records, position, left);
  }

  private static boolean isOf(CleanRecordCodec codec, String project, byte[] payload) {
    try {
      return codec.summary(payload).origin().project().equals(project);
    } catch (CleanFormatException e) {
      return false; // a frame of a newer Weir
    }
  }
}
