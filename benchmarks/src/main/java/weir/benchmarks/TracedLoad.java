package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import weir.directory.DataDirectory;
import weir.testkit.powercut.SyscallTrace;
import weir.tools.backup.Backup;

/**
 * The process that a power-cut recording traces: it starts a real Weir on {@code WORK/root}, sends
 * events, takes backups, kills Weir and starts it again between, and marks what happens in {@code
 * WORK/marks}: a line {@code ack ID} for every event as soon as it is answered 200.
 */
final class TracedLoad {
  private static final EventLoad.Shape SHAPE =
      new EventLoad.Shape(3, Duration.ofMillis(8), 40, true);

  private final Path work;
  private final Path root;
  private final long seed;
  private final Duration length;
  private final MarksFile marks;
  private final IdBook book = new IdBook();

  private TracedLoad(Path work, long seed, Duration length) throws IOException {
    this.work = work;
    this.root = work.resolve("root");
    this.seed = seed;
    this.length = length;
    this.marks = MarksFile.create(work);
  }

  /** Arguments: the work folder, the seed, and for how many milliseconds to send in all. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, TimeoutException {
    Duration length = Duration.ofMillis(Long.parseLong(arguments[2]));
    new TracedLoad(Path.of(arguments[0]), Long.parseLong(arguments[1]), length).run();
  }

  private void run() throws IOException, InterruptedException, TimeoutException {
    SplittableRandom random = new SplittableRandom(seed);
    try (WeirProcess weir = WeirProcess.start(root, settings())) {
      send(weir, 1);
      kill(weir::killAll);
      weir.restart();
      send(weir, 2);
      if (random.nextBoolean()) {
        kill(weir::killAll);
      } else {
        weir.stop();
        snapshot();
      }
    }
    marks.finish(book);
  }

  /**
   * Small segments, so that logs roll over and are released while it lasts; files of the lake are
   * merged, and replaced ones go, after a second.
   */
  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(WeirProcess.RESTLESS_UPKEEP);
    settings.put("log.segment_size", "64KiB");
    settings.put("lake.commit_interval", "300ms");
    settings.put("lake.quiet_commit_interval", "300ms");
    settings.put("lake.snapshot_age", "1s");
    settings.put("query.timeout", "500ms");
    settings.put("query.max_timeout", "500ms");
    return settings;
  }

  private void send(WeirProcess weir, int part) throws IOException {
    InstantSource clock = InstantSource.system();
    try (EventLoad load =
        new EventLoad(weir, seed * 10 + part, clock.instant(), SHAPE, book, marks::acknowledge)) {
      LockSupport.parkNanos(length.dividedBy(4).toNanos());
      Path backup = work.resolve("backup-" + part);
      Backup.take(new DataDirectory(root), backup, clock, line -> {});
      Trees.delete(backup);
      LockSupport.parkNanos(length.dividedBy(4).toNanos());
    }
  }

  private void kill(Runnable killing) throws IOException {
    marks.write(SyscallTrace.KILL);
    killing.run();
    snapshot();
  }

  private void snapshot() throws IOException {
    Path copy = Files.createTempDirectory(work, "snapshot");
    Trees.copy(root, copy);
    marks.write(SyscallTrace.SNAPSHOT + copy);
  }
}
