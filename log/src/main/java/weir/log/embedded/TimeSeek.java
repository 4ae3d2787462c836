package weir.log.embedded;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import weir.event.Position;
import weir.log.files.FileHandle;

/** Finds a position by time: the newest segment that is old enough, then its sparse index. */
final class TimeSeek {
  private final LogDirectory directory;
  private final long end;

  TimeSeek(LogDirectory directory, Position end) {
    this.directory = directory;
    this.end = end.value();
  }

  Position positionAt(long millis) throws IOException {
    TreeSet<Long> bases = directory.bases();
    for (long base : bases.descendingSet()) {
      if (base <= end && isOlder(base, millis)) {
        Long next = bases.higher(base);
        long limit = next == null ? end : Math.min(next, end);
        return new Position(inside(base, limit, millis));
      }
    }
    return bases.isEmpty() ? Position.START : new Position(Math.min(bases.first(), end));
  }

  private boolean isOlder(long base, long millis) throws IOException {
    try (FileHandle file = directory.files().open(directory.segment(base))) {
      Optional<SegmentHeader> header = SegmentHeader.read(file, base);
      return header.isPresent() && header.get().created() <= millis;
    } catch (NoSuchFileException released) {
      return false;
    }
  }

  private long inside(long base, long limit, long millis) throws IOException {
    List<TimeIndex.Entry> entries = TimeIndex.read(directory, base);
    try (SegmentScan scan = SegmentScan.open(directory, base)) {
      for (TimeIndex.Entry entry : entries.reversed()) {
        if (entry.millis() <= millis && begins(scan, entry.position(), limit)) {
          return entry.position();
        }
      }
    } catch (NoSuchFileException released) {
      return directory.earliest().value();
    }
    return base;
  }

  private static boolean begins(SegmentScan scan, long position, long limit) throws IOException {
    return position > scan.base()
        && position < limit
        && scan.read(position, limit) == SegmentScan.Found.WHOLE;
  }
}
