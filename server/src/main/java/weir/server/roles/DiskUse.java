package weir.server.roles;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.DataDirectory;

/**
 * How much disk the data directory takes, measured now and then on a thread of its own: after years
 * it has more files than a request may wait for. A directory that takes long to walk is walked less
 * often, for at most a hundredth of the time.
 */
final class DiskUse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskUse.class);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final int SHARE = 100;

  private final DataDirectory directory;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("disk-use").daemon().factory());
  private volatile @Nullable Measured last;

  private DiskUse(DataDirectory directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Bytes of files.
   *
   * @param at when it was measured
   * @param used all of them
   */
  record Measured(Instant at, long used, long raw, long clean, long lake) {}

  /** Starts to measure. */
  static DiskUse start(DataDirectory directory, InstantSource clock) {
    DiskUse use = new DiskUse(directory, clock);
    use.thread.execute(use::measure);
    return use;
  }

  /** What was measured last; empty before the first time. */
  Optional<Measured> last() {
    return Optional.ofNullable(last);
  }

  private void measure() {
    long begin = System.nanoTime();
    try {
      last = measured(directory, clock.instant());
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot measure the data directory", e);
    }
    long rest = Math.max(EVERY.toNanos(), SHARE * (System.nanoTime() - begin));
    if (!thread.isShutdown()) {
      thread.schedule(this::measure, rest, TimeUnit.NANOSECONDS);
    }
  }

  private static Measured measured(DataDirectory directory, Instant now) throws IOException {
    Sizes sizes = new Sizes(directory);
    Files.walkFileTree(directory.root(), sizes);
    return new Measured(now, sizes.used, sizes.raw, sizes.clean, sizes.lake);
  }

  /** Adds up files; some may vanish meanwhile. */
  private static final class Sizes extends SimpleFileVisitor<Path> {
    private final DataDirectory directory;
    private long used;
    private long raw;
    private long clean;
    private long lake;

    Sizes(DataDirectory directory) {
      this.directory = directory;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      long size = attributes.size();
      used += size;
      raw += file.startsWith(directory.raw()) ? size : 0;
      clean += file.startsWith(directory.clean()) ? size : 0;
      lake += file.startsWith(directory.lake()) ? size : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why) {
      return FileVisitResult.CONTINUE;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
