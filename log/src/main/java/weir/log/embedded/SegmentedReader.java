package weir.log.embedded;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.PositionReleasedException;

/** Reads an embedded log up to its durable end, one segment after the other. */
final class SegmentedReader implements LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentedReader.class);

  /** A stretch of damage is answered in pieces of this size. */
  private static final long PIECE = 1 << 20;

  /** In a sealed segment a release is noticed after this many bytes at the latest. */
  private static final long ASK_EVERY = 1 << 20;

  private final LogDirectory directory;
  private final DurableEnd end;
  private @Nullable SegmentScan scan;
  private long position;

  /** Where the segment, or what is durable of it, ends. */
  private long limit;

  private long askAt;
  private long brokenUpTo;
  private boolean closed;

  SegmentedReader(LogDirectory directory, DurableEnd end, long position) {
    this.directory = directory;
    this.end = end;
    this.position = position;
  }

  @Override
  public @Nullable LogEntry next() throws IOException {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    try {
      SegmentScan segment = position < askAt ? scan : null;
      if (segment == null) {
        segment = ask();
      }
      return segment == null ? null : entry(segment);
    } catch (IOException e) {
      closeScan();
      throw e;
    }
  }

  private LogEntry entry(SegmentScan segment) throws IOException {
    if (position < brokenUpTo) {
      return broken(segment);
    }
    switch (segment.read(position, limit)) {
      case WHOLE -> {
        Position at = position();
        position = segment.next(position);
        return new LogEntry.Frame(directory.partition(), at, position(), segment.payload());
      }
      case BROKEN_BODY -> brokenUpTo = Math.min(segment.next(position), limit);
      case BROKEN_HEADER -> brokenUpTo = segment.search(position, limit);
    }
    return broken(segment);
  }

  private LogEntry broken(SegmentScan segment) throws IOException {
    Position at = position();
    long next = Math.min(brokenUpTo, position + PIECE);
    byte[] bytes = segment.bytes(position, next);
    position = next;
    return new LogEntry.Damaged(directory.partition(), at, position(), bytes);
  }

  /** Finds the segment that holds the position, and how far it may be read; null at the end. */
  private @Nullable SegmentScan ask() throws IOException {
    while (true) {
      Extent known = end.now();
      if (position >= known.end()) {
        return null;
      }
      try {
        return position >= known.base() ? newest(known) : sealed(known);
      } catch (NoSuchFileException released) {
        requireHeld(directory.bases());
      }
    }
  }

  private SegmentScan newest(Extent known) throws IOException {
    SegmentScan segment = segment(known.base());
    limit = known.end();
    askAt = known.end();
    return segment;
  }

  private SegmentScan sealed(Extent known) throws IOException {
    TreeSet<Long> bases = directory.bases();
    requireHeld(bases);
    Long base = bases.floor(position);
    Long next = bases.higher(position);
    SegmentScan segment = segment(base == null ? known.base() : base);
    limit = next == null ? known.base() : Math.min(next, known.base());
    askAt = Math.min(limit, position + ASK_EVERY);
    return segment;
  }

  private void requireHeld(NavigableSet<Long> bases) throws IOException {
    if (bases.isEmpty() || position < bases.first()) {
      long earliest = bases.isEmpty() ? end.now().end() : bases.first();
      throw new PositionReleasedException(position(), new Position(earliest));
    }
  }

  private SegmentScan segment(long base) throws IOException {
    SegmentScan segment = scan;
    if (segment == null || segment.base() != base) {
      closeScan();
      segment = SegmentScan.open(directory, base);
      scan = segment;
    }
    return segment;
  }

  @Override
  public Position position() {
    return new Position(position);
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException, IOException {
    return end.awaitPast(position, atMost);
  }

  @Override
  public void close() {
    closed = true;
    closeScan();
  }

  private void closeScan() {
    SegmentScan segment = scan;
    scan = null;
    askAt = 0;
    if (segment != null) {
      try {
        segment.close();
      } catch (IOException e) {
        LOG.warn("cannot close segment {}", new Position(segment.base()), e);
      }
    }
  }
}
