package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import weir.testkit.ChildProcess;
import weir.tools.backup.Restore;

/**
 * Takes backups of a data directory one after the other, each by {@code weir backup} in a process
 * of its own, for as long as it is open, and keeps the last that was whole.
 */
final class BackupLoop implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Path data;
  private final Path work;
  private final IdBook book;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable ChildProcess running;
  private @Nullable Taken last;
  private @Nullable String failure;
  private int whole;
  private int killed;

  /**
   * A whole backup.
   *
   * @param begun what had been answered when it began
   */
  record Taken(Path folder, IdBook.Mark begun) {}

  BackupLoop(Path data, Path work, IdBook book) throws IOException {
    Files.createDirectories(work);
    this.data = data;
    this.work = work;
    this.book = book;
    this.thread = Thread.ofPlatform().daemon().name("backups").start(this::run);
  }

  private void run() {
    try {
      for (int i = 0; !closed && failure() == null; i++) {
        take(work.resolve("backup-" + i));
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } catch (IOException | TimeoutException e) {
      fail(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Path target) throws IOException, InterruptedException, TimeoutException {
    IdBook.Mark begun = book.mark();
    List<String> command =
        ChildProcess.java(
            List.of("-Xmx256m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"),
            "weir.server.Main",
            "backup",
            target.toString(),
            "--data",
            data.toString());
    int exit;
    String output;
    try (ChildProcess child = ChildProcess.start(command, work)) {
      running = child;
      exit = child.awaitExit(LIMIT);
      output = child.output();
    } finally {
      running = null;
    }
    if (exit == 0) {
      keep(new Taken(target, begun));
    } else if (exit > 128) {
      Trees.delete(target);
      countKilled();
    } else {
      fail("weir backup ended with " + exit + ": " + output);
    }
  }

  private synchronized void keep(Taken taken) throws IOException {
    if (last != null) {
      Trees.delete(last.folder());
    }
    last = taken;
    whole++;
  }

  private synchronized void countKilled() {
    killed++;
  }

  private synchronized void fail(String what) {
    failure = what;
  }

  /** SIGKILL for the backup that is being taken, if one is. */
  void kill() {
    ChildProcess child = running;
    if (child != null) {
      ChildProcess.kill(child.pid());
    }
  }

  /** Why a backup failed that nobody killed; null if none did. */
  synchronized @Nullable String failure() {
    return failure;
  }

  /**
   * Restores the last whole backup, starts Weir on it and looks for what was lost; call it after
   * {@link #close()}.
   *
   * @return what is wrong, in words; empty if nothing is, or if no backup was whole
   */
  List<String> check(Recovery recovery) throws IOException, InterruptedException, TimeoutException {
    String failed = failure();
    if (failed != null) {
      return List.of(failed);
    }
    Taken backup;
    synchronized (this) {
      backup = last;
    }
    if (backup == null) {
      return List.of();
    }
    Path restored = work.resolve("restored");
    Trees.delete(restored);
    Restore.into(backup.folder(), restored);
    List<String> wrong =
        book.expectation(backup.begun()).violations(recovery.recover(restored)).stream()
            .map(violation -> "in the backup " + backup.folder() + ": " + violation)
            .toList();
    if (wrong.isEmpty()) {
      Trees.delete(restored);
      Trees.delete(backup.folder());
    }
    return wrong;
  }

  synchronized int whole() {
    return whole;
  }

  synchronized int killed() {
    return killed;
  }

  /** Lets the backup under way end, and takes no more. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LIMIT.plusSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
