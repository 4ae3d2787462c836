package weir.log.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.Appended;
import weir.log.LogFailedException;
import weir.log.LogLockedException;
import weir.log.LogReader;
import weir.log.files.DiskFull;
import weir.log.files.FileHandle;
import weir.log.files.FileLocks;

/**
 * The one writer of an embedded log.
 *
 * <p>A segment whose write or fsync failed is closed and never synced again, since the kernel may
 * count its lost pages as clean. The next one begins at the durable end, and so says that whatever
 * the failed one holds from there on does not exist. Where that one cannot be begun, each append
 * tries again.
 */
final class EmbeddedWriter implements ByteLog {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedWriter.class);

  /** A segment that becomes full within this is followed by one that was made before. */
  private static final long FAST_MILLIS = 60_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final LogDirectory directory;
  private final LogBounds bounds;
  private final Closeable held;
  private final ByteBuffer buffer = SegmentWriter.newBuffer();
  private final SegmentFactory factory;
  private final SpareSegment spare;
  private final DurableFile published;
  private final LiveEnd end;
  private @Nullable SegmentWriter segment;
  private boolean closed;

  private EmbeddedWriter(
      LogDirectory directory, LogOptions options, InstantSource clock, Closeable held)
      throws IOException {
    this.directory = directory;
    this.held = held;
    this.bounds = new LogBounds(directory, options);
    this.factory = new SegmentFactory(directory, clock);
    this.spare = new SpareSegment(directory, bounds.segmentBytes());
    this.published = DurableFile.openOrCreate(directory.files(), directory.path());
    this.end = new LiveEnd(openNewest());
    directory.deleteOrphans();
    syncDirectories();
    published.publish(end.now());
    bounds.refresh();
  }

  static EmbeddedWriter open(LogDirectory directory, LogOptions options, InstantSource clock)
      throws IOException {
    if (!(directory.files() instanceof FileLocks locks)) {
      throw new IllegalArgumentException("a log is not written without FileLocks");
    }
    Closeable held =
        locks
            .tryLock(directory.path().resolve("writer.lock"))
            .orElseThrow(() -> new LogLockedException(directory.path()));
    try {
      return new EmbeddedWriter(directory, options, clock, held);
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  private Extent openNewest() throws IOException {
    Extent last = published.read();
    long publishedEnd = last == null ? 0 : last.end();
    OptionalLong newest = directory.newest();
    if (newest.isEmpty()) {
      return begin(publishedEnd);
    }
    long base = newest.getAsLong();
    directory.cutPredecessor(base);
    FileHandle file = directory.files().open(directory.segment(base));
    Recovery.Outcome outcome =
        Recovery.recover(directory, base, file, publishedEnd, factory.header(base));
    if (outcome.sealed()) {
      file.close();
      return begin(outcome.end());
    }
    factory.openIndex(base, outcome.header());
    segment = new SegmentWriter(file, outcome.header(), outcome.end(), outcome.end(), buffer);
    return new Extent(base, outcome.end());
  }

  private Extent begin(long base) throws IOException {
    segment = factory.create(base, buffer);
    return new Extent(base, base);
  }

  /** The way to the log may be new as well. What may not even be read was not made by us. */
  private void syncDirectories() throws IOException {
    Path path = directory.path().toAbsolutePath().normalize();
    directory.files().sync(path);
    for (Path up = path.getParent(); up != null; up = up.getParent()) {
      try {
        directory.files().sync(up);
      } catch (AccessDeniedException e) {
        LOG.debug("{} is not ours to sync", up, e);
        return;
      }
    }
  }

  @Override
  public int partition() {
    return directory.partition();
  }

  @Override
  public Appended append(List<byte[]> batch) throws IOException {
    long bytes = bounds.require(batch);
    lock.lock();
    // An interrupt would close the file's channel in the midst of a write.
    boolean interrupted = Thread.interrupted();
    try {
      requireOpen();
      return store(batch, bytes);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      lock.unlock();
    }
  }

  private Appended store(List<byte[]> batch, long bytes) throws IOException {
    long from = end.now().end();
    if (batch.isEmpty()) {
      return new Appended.Stored(new Position(from), new Position(from));
    }
    String full = bounds.full(from, bytes, spare.isBegun());
    if (full != null && spare.isBegun()) {
      spare.delete();
      full = bounds.full(from, bytes, false);
    }
    if (full != null) {
      return new Appended.Full(full);
    }
    SegmentWriter into;
    try {
      into = segmentFor(from, bytes);
    } catch (IOException e) {
      if (e instanceof SegmentRemainsException) {
        closeQuietly(segment);
        segment = null;
      }
      if (DiskFull.is(e)) {
        return new Appended.Full("no room for a new segment in " + directory.path());
      }
      throw new LogFailedException("cannot begin a segment in " + directory.path(), e);
    }
    return write(into, batch, from, bytes);
  }

  private SegmentWriter segmentFor(long from, long bytes) throws IOException {
    SegmentWriter current = segment;
    if (current != null
        && (from == current.base() || !bounds.outgrows(from - current.base() + bytes))) {
      return current;
    }
    FileHandle made = spare.take();
    SegmentWriter next =
        made == null
            ? factory.create(from, buffer)
            : factory.adopt(made, bounds.segmentBytes(), from, buffer);
    segment = next;
    closeQuietly(current);
    bounds.refresh();
    return next;
  }

  private Appended write(SegmentWriter into, List<byte[]> batch, long from, long bytes)
      throws IOException {
    try {
      into.write(batch);
      if (into.outgrewFilled()) {
        into.fillAhead(bounds.ahead(into.base(), from, bytes, spare.isBegun()));
      }
    } catch (IOException e) {
      return takeBack(into, e);
    }
    try {
      into.sync();
    } catch (IOException e) {
      throw abandon(into, e);
    }
    Extent now = new Extent(into.base(), from + bytes);
    publish(now);
    factory.note(from);
    end.move(now);
    makeSpare(into, now.end());
    return new Appended.Stored(new Position(from), new Position(now.end()));
  }

  /** Only for a log that fills its segments fast: others do not need it, and keep their room. */
  private void makeSpare(SegmentWriter current, long to) {
    long used = to - current.base();
    if (spare.isDue(used) && (spare.isBegun() || isWorthASpare(current, to))) {
      spare.keepAhead(used);
    }
  }

  private boolean isWorthASpare(SegmentWriter current, long to) {
    return factory.now() - current.created() < FAST_MILLIS && bounds.hasRoomForSpare(to);
  }

  private Appended takeBack(SegmentWriter from, IOException cause) throws LogFailedException {
    if (!DiskFull.is(cause)) {
      throw abandon(from, cause);
    }
    try {
      from.takeBack();
    } catch (IOException e) {
      throw abandon(from, e);
    }
    return new Appended.Full("the disk of " + directory.path() + " is full");
  }

  /** Leaves a segment for a new one at the durable end. */
  private LogFailedException abandon(SegmentWriter failed, IOException cause) {
    // An interrupt that closed the channel must not close the next one too; it has had its effect.
    boolean ignored = Thread.interrupted();
    segment = null;
    closeQuietly(failed);
    try {
      segment = factory.create(end.now().end(), buffer);
      bounds.refresh();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    LOG.error("a group was not stored in {} (interrupted: {})", directory.path(), ignored, cause);
    return new LogFailedException("cannot write to " + directory.path(), cause);
  }

  private void publish(Extent now) {
    try {
      published.publish(now);
    } catch (IOException e) {
      LOG.warn("other processes do not see the newest frames of {} yet", directory.path(), e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the log in " + directory.path() + " is closed");
    }
  }

  @Override
  public LogReader read(Position from) throws IOException {
    return EmbeddedLog.reader(directory, end, from);
  }

  @Override
  public Position durableEnd() {
    return new Position(end.now().end());
  }

  @Override
  public Position earliest() throws IOException {
    return directory.earliest();
  }

  @Override
  public void releaseBefore(Position position) throws IOException {
    directory.releaseBefore(position);
  }

  @Override
  public Position positionAt(Instant instant) throws IOException {
    return new TimeSeek(directory, durableEnd()).positionAt(instant.toEpochMilli());
  }

  /** The published end is synced here, so that after an orderly stop it is known for certain. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      spare.close();
      closeQuietly(segment);
      factory.close();
      try {
        published.publish(end.now());
        published.sync();
      } finally {
        published.close();
      }
    } finally {
      held.close();
      lock.unlock();
    }
  }

  private void closeQuietly(@Nullable SegmentWriter old) {
    if (old == null) {
      return;
    }
    try {
      old.close();
    } catch (IOException e) {
      LOG.warn("cannot close segment {}", new Position(old.base()), e);
    }
  }
}
