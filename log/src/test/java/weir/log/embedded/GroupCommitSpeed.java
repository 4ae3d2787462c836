package weir.log.embedded;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.GroupCommit;
import weir.log.files.Files;

/** Prints how many frames of 1 KB a second 64 closed-loop submitters get stored. */
final class GroupCommitSpeed {
  private static final int SUBMITTERS = 64;
  private static final long NANOS = 5_000_000_000L;

  private GroupCommitSpeed() {}

  public static void main(String[] args) throws Exception {
    LogOptions options = new LogOptions(64L << 20, 20L << 30, 0, 1 << 20);
    Path directory = Path.of(args[0]);
    try (EventLog log =
            EmbeddedLog.writer(Files.system(), directory, options, InstantSource.system());
        GroupCommit commit = new GroupCommit(log, 64L << 20, "speed-log")) {
      for (int i = 0; i < 3; i++) {
        System.out.printf("%,d frames/s%n", measure(commit));
        log.releaseBefore(log.durableEnd());
      }
    }
  }

  private static long measure(GroupCommit commit) throws Exception {
    AtomicLong stored = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    Semaphore done = new Semaphore(0);
    long start = System.nanoTime();
    for (int i = 0; i < SUBMITTERS; i++) {
      new Submitter(commit, stored, stop, done).submit();
    }
    while (System.nanoTime() - start < NANOS) {
      LockSupport.parkNanos(10_000_000);
    }
    stop.set(true);
    done.acquire(SUBMITTERS);
    return stored.get() * 1_000_000_000L / (System.nanoTime() - start);
  }

  private record Submitter(
      GroupCommit commit, AtomicLong stored, AtomicBoolean stop, Semaphore done)
      implements GroupCommit.Callback {
    void submit() {
      if (stop.get() || !commit.submit(new byte[1_024], this)) {
        done.release();
      }
    }

    @Override
    public void done(Appended outcome) {
      stored.incrementAndGet();
      submit();
    }

    @Override
    public void failed(Exception failure) {
      done.release();
    }
  }
}
