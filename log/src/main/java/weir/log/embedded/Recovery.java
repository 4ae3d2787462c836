package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.files.FileHandle;

/**
 * Finds where a log ends after its writer has died, and makes what it keeps durable.
 *
 * <p>Only the newest segment can hold bytes that were never synced, and only behind its last
 * durable end. Four witnesses tell that a position was durable: the segment's base, the published
 * end, an index entry, and a later frame, whose group began at the durable end of its time. What is
 * broken before the last such position is damage and stays for readers to see; the first broken
 * byte after it is where the log ends, and the rest is cut off.
 *
 * <p>Frames behind the published end may be in the page cache alone, and pages whose fsync failed
 * count as clean there. So they are written again before the fsync that makes them part of the log.
 *
 * <p>Costs one pass over the bytes behind the last index entry, or over one segment at most.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int CHUNK = 1 << 20;
  private final LogDirectory directory;
  private final long base;
  private final FileHandle file;
  private final List<Stretch> broken = new ArrayList<>();
  private long proven;

  /**
   * @param end where the log goes on
   * @param sealed whether it must go on in a new segment, since only that will tell later that the
   *     damage before the end had been durable
   */
  record Outcome(SegmentHeader header, long end, boolean sealed) {}

  private record Stretch(long from, long to) {}

  private Recovery(LogDirectory directory, long base, FileHandle file, long published) {
    this.directory = directory;
    this.base = base;
    this.file = file;
    this.proven = Math.max(base, published);
  }

  /**
   * Recovers the newest segment.
   *
   * @param published the published end; 0 if that is not known
   * @param fresh the header that it gets should its creation have been cut off
   */
  static Outcome recover(
      LogDirectory directory, long base, FileHandle file, long published, SegmentHeader fresh)
      throws IOException {
    Recovery recovery = new Recovery(directory, base, file, published);
    SegmentHeader header = SegmentHeader.read(file, base).orElse(null);
    long limit = base + Math.max(0, file.size() - SegmentHeader.BYTES);
    if (header != null) {
      return recovery.keep(header, limit);
    }
    if (limit == base && recovery.proven == base) {
      file.truncate(0);
      fresh.write(file);
      file.sync();
      return new Outcome(fresh, base, false);
    }
    LOG.error("the header of {} is lost, and so are its frames", directory.segment(base));
    return new Outcome(fresh, Math.max(limit, recovery.proven), true);
  }

  private Outcome keep(SegmentHeader header, long limit) throws IOException {
    long published = proven;
    SegmentScan scan = SegmentScan.of(file, header);
    walk(scan, start(scan, limit), limit);
    Outcome outcome = decide(header, limit);
    if (outcome.sealed()) {
      LOG.error(
          "{} is damaged before position {}", directory.segment(base), new Position(outcome.end()));
    }
    if (outcome.end() < limit) {
      LOG.info(
          "cut {} bytes off {}: space taken in advance, and writes that were never synced",
          limit - outcome.end(),
          directory.segment(base));
      file.truncate(SegmentHeader.offset(base, outcome.end()));
    }
    header.write(file);
    rewrite(published, Math.min(outcome.end(), limit));
    file.sync();
    return outcome;
  }

  /** The last index entry that is right, or the base. */
  private long start(SegmentScan scan, long limit) throws IOException {
    for (TimeIndex.Entry entry : TimeIndex.read(directory, base).reversed()) {
      long position = entry.position();
      if (position > base
          && position < limit
          && scan.read(position, limit) == SegmentScan.Found.WHOLE) {
        proven = Math.max(proven, position);
        return position;
      }
    }
    return base;
  }

  private void walk(SegmentScan scan, long start, long limit) throws IOException {
    long at = start;
    while (at < limit) {
      SegmentScan.Found found = scan.read(at, limit);
      if (found == SegmentScan.Found.BROKEN_HEADER) {
        long next = scan.search(at, limit);
        noteBroken(at, next);
        at = next;
        continue;
      }
      proven = Math.max(proven, scan.group(at));
      long next = Math.min(scan.next(at), limit);
      if (found == SegmentScan.Found.BROKEN_BODY) {
        noteBroken(at, next);
      }
      at = next;
    }
  }

  private void noteBroken(long from, long to) {
    boolean joins = !broken.isEmpty() && broken.getLast().to() == from;
    broken.add(new Stretch(joins ? broken.removeLast().from() : from, to));
  }

  private Outcome decide(SegmentHeader header, long limit) {
    for (Stretch stretch : broken) {
      if (stretch.to() > proven) {
        long end = Math.max(stretch.from(), proven);
        return new Outcome(header, end, end > stretch.from());
      }
    }
    boolean lastIsBroken = !broken.isEmpty() && broken.getLast().to() == limit;
    return new Outcome(header, Math.max(limit, proven), lastIsBroken || proven > limit);
  }

  private void rewrite(long from, long to) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.clamp(to - from, 0, CHUNK));
    for (long at = from; at < to; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
      file.read(chunk, SegmentHeader.offset(base, at));
      file.write(chunk.flip(), SegmentHeader.offset(base, at));
    }
  }
}
