package weir.log.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.files.FileHandle;
import weir.log.files.Files;

/**
 * The file of the next segment, filled with zeros and synced before it is needed: so no group waits
 * for that. It is filled twice as fast as the segment before it, from a quarter of that on, and
 * bears a name that no reader knows until it is taken.
 *
 * <p>Filled in a thread of its own, but for segments so small that none pays: these are filled by
 * the thread that asks. Asked by one thread at a time.
 */
final class SpareSegment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpareSegment.class);

  /**
   * Each sync commits the journal of the file system, and appends wait for that: so few of them.
   */
  private static final long STEP = 16 << 20;

  /** Smaller segments are filled by the thread that asks. */
  private static final long LEAST_FOR_A_THREAD = 8 << 20;

  private final Files files;
  private final Path path;
  private final long size;
  private final @Nullable ExecutorService filler;

  /** Set by the thread that asks, read by the one that fills. */
  private volatile long wanted;

  private volatile long filled;
  private @Nullable FileHandle file;

  /** Could not be filled: not tried again for this segment. */
  private volatile boolean failed;

  /**
   * @param size the bytes of a segment's frames
   */
  SpareSegment(LogDirectory directory, long size) {
    this.files = directory.files();
    this.path = directory.spare();
    this.size = size;
    this.filler =
        size < LEAST_FOR_A_THREAD
            ? null
            : Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("log-spare").factory());
  }

  /** Whether a spare was begun, and takes room on the disk. */
  boolean isBegun() {
    return wanted > 0;
  }

  /** Whether more is to be filled when so many bytes of the segment in use are written. */
  boolean isDue(long used) {
    long due = due(used);
    return !failed && due > wanted && (due >= wanted + STEP || due == size);
  }

  /** Fills what is due then. */
  void keepAhead(long used) {
    wanted = due(used);
    if (filler == null) {
      fill();
    } else {
      filler.execute(this::fill);
    }
  }

  private long due(long used) {
    return Math.clamp(2 * (used - size / 4), 0, size);
  }

  private void fill() {
    while (filled < wanted) {
      step();
    }
  }

  private synchronized void step() {
    long to = Math.min(wanted, filled + STEP);
    if (to <= filled) {
      return;
    }
    try {
      if (file == null) {
        files.delete(path);
        file = files.create(path);
      }
      long offset = filled == 0 ? 0 : SegmentHeader.BYTES + filled;
      Zeros.write(file, offset, SegmentHeader.BYTES + to);
      file.sync();
      filled = to;
    } catch (IOException e) {
      LOG.warn("no segment is made ahead of need: {} cannot be filled", path, e);
      failed = true;
      delete();
    }
  }

  /** The file, whole and synced, for its new owner to name; null if there is none yet. */
  @Nullable FileHandle take() {
    failed = false;
    if (filled < size) {
      return null;
    }
    return letGo();
  }

  private synchronized @Nullable FileHandle letGo() {
    FileHandle old = file;
    file = null;
    wanted = 0;
    filled = 0;
    return old;
  }

  /** Gives back the room that it takes. */
  synchronized void delete() {
    FileHandle old = letGo();
    try {
      if (old != null) {
        old.close();
        files.delete(path);
      }
    } catch (IOException e) {
      LOG.warn("{} is not deleted before the log is opened again", path, e);
    }
  }

  @Override
  public void close() {
    delete();
    if (filler != null) {
      filler.close();
    }
  }
}
