package weir.log.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.files.FileHandle;

/** Begins segments, and keeps the index of the newest. */
final class SegmentFactory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentFactory.class);
  private final SecureRandom random = new SecureRandom();
  private final LogDirectory directory;
  private final InstantSource clock;
  private @Nullable TimeIndex index;
  private long latest;

  SegmentFactory(LogDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  SegmentHeader header(long base) {
    return new SegmentHeader(base, now(), random.nextLong());
  }

  /**
   * Creates a segment durably, so that its frames may be acknowledged. What bears its name is the
   * rest of one that never held a durable frame, and is deleted, not written over: a file whose
   * fsync has failed is not to be synced again.
   *
   * @throws SegmentRemainsException if what was begun may come back; then frames may only go into a
   *     segment that is created here once more
   */
  SegmentWriter create(long base, ByteBuffer buffer) throws IOException {
    deleteRest(base);
    SegmentHeader header = header(base);
    FileHandle file = directory.files().create(directory.segment(base));
    begin(file, header, false);
    return new SegmentWriter(file, header, base, base, buffer);
  }

  /**
   * Makes a segment of a spare, as {@link #create} makes one.
   *
   * @param room how many bytes of frames the spare has room for
   */
  SegmentWriter adopt(FileHandle spare, long room, long base, ByteBuffer buffer)
      throws IOException {
    SegmentHeader header = header(base);
    try {
      deleteRest(base);
    } catch (IOException e) {
      takeBack(spare, base, true, e);
      throw e;
    }
    begin(spare, header, true);
    return new SegmentWriter(spare, header, base, base + room, buffer);
  }

  private void deleteRest(long base) throws IOException {
    directory.files().delete(directory.segment(base));
    directory.files().delete(directory.index(base));
  }

  /** Of a spare, the header comes before the name: a segment without one counts as damaged. */
  private void begin(FileHandle file, SegmentHeader header, boolean spare) throws IOException {
    long base = header.base();
    try {
      header.write(file);
      file.sync();
      if (spare) {
        directory.files().rename(directory.spare(), directory.segment(base));
      }
      openIndex(base, header);
      directory.files().sync(directory.path());
    } catch (IOException e) {
      takeBack(file, base, spare, e);
      throw e;
    }
  }

  /**
   * Deletes durably what was begun. Were its name to come back after a power cut, it would hide the
   * frames that the segment before it has taken in its place; so this may not fail quietly, nor as
   * a full disk.
   */
  private void takeBack(FileHandle file, long base, boolean spare, IOException cause)
      throws IOException {
    try {
      file.close();
      if (spare) {
        directory.files().delete(directory.spare());
      }
      directory.files().delete(directory.segment(base));
      directory.files().sync(directory.path());
    } catch (IOException e) {
      cause.addSuppressed(e);
      throw new SegmentRemainsException(base, cause);
    }
  }

  /** Goes on in the index of a segment. Without it the log works, but finds its way slower. */
  void openIndex(long base, SegmentHeader header) {
    close();
    latest = Math.max(latest, header.created());
    try {
      for (TimeIndex.Entry entry : TimeIndex.read(directory, base)) {
        latest = Math.max(latest, entry.millis());
      }
      index = TimeIndex.openOrCreate(directory, base);
    } catch (IOException e) {
      LOG.warn("no index for {}", directory.segment(base), e);
    }
  }

  /** Notes that a durable group begins at a position. */
  void note(long position) {
    if (index == null) {
      return;
    }
    try {
      index.note(position, now());
    } catch (IOException e) {
      LOG.warn("the index in {} has a gap", directory.path(), e);
      close();
    }
  }

  @Override
  public void close() {
    TimeIndex old = index;
    index = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        LOG.warn("cannot close an index in {}", directory.path(), e);
      }
    }
  }

  /** Never goes back, whatever the clock does: the index is ordered by it. */
  long now() {
    latest = Math.max(latest, clock.millis());
    return latest;
  }
}
