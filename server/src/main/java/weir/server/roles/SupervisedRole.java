package weir.server.roles;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.Role;
import weir.query.door.ProcessHalt;
import weir.server.metrics.ResidentSize;

/**
 * Keeps a role running as a child process: starts it again whenever it ends, for as long as it
 * takes, and kills it when it takes more memory than it may. One that ended itself, since a query
 * did not let itself be ended, or that somebody has ended, is started again at once; the others
 * wait longer each time, see {@link Backoff}.
 */
final class SupervisedRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedRole.class);
  private static final long MEMORY_CHECK_MILLIS = 250;
  private static final Duration RECENT = Duration.ofMinutes(15);

  /** What -XX:+ExitOnOutOfMemoryError exits with. */
  private static final int OUT_OF_MEMORY = 3;

  /** By SIGKILL or SIGTERM: somebody, or the watch over its memory, has ended it. */
  private static final int KILLED = 128 + 9;

  private static final int TERMINATED = 128 + 15;

  private final Role role;
  private final Supplier<ProcessBuilder> command;
  private final long residentLimit;
  private final Duration stopGrace;
  private final LongSupplier nanoTicker;
  private final Counter restarts;
  private final Counter memoryKills;
  private final Thread thread;
  private final Backoff backoff = new Backoff();

  private @Nullable Process child;
  private boolean stopping;
  private final Deque<Long> ends = new ArrayDeque<>();
  private String lastEnd = "";

  /**
   * What can be said of a supervised role.
   *
   * @param pid its process, 0 while there is none
   * @param lastEnd how its last process ended; empty if none has
   * @param recentEnds how many of its processes ended by themselves within a quarter of an hour
   */
  record State(Role role, long pid, long restarts, String lastEnd, int recentEnds) {}

  /**
   * Starts it.
   *
   * @param residentLimit bytes; 0 for none
   * @param stopGrace how long it may take to stop in order before it is killed
   */
  SupervisedRole(
      Role role,
      Supplier<ProcessBuilder> command,
      long residentLimit,
      Duration stopGrace,
      LongSupplier nanoTicker,
      MeterRegistry metrics) {
    this.role = role;
    this.command = command;
    this.residentLimit = residentLimit;
    this.stopGrace = stopGrace;
    this.nanoTicker = nanoTicker;
    this.restarts =
        Counter.builder("weir.role.restarts")
            .tag("supervised", role.label())
            .description("How often a role's process was started again after it had ended.")
            .register(metrics);
    this.memoryKills =
        Counter.builder("weir.role.memory.kills")
            .tag("supervised", role.label())
            .description("How often a role's process was killed for taking too much memory.")
            .register(metrics);
    Gauge.builder("weir.role.up", () -> state().pid() == 0 ? 0 : 1)
        .tag("supervised", role.label())
        .description("Whether a role has a running process.")
        .register(metrics);
    this.thread =
        Thread.ofPlatform().name("supervise-" + role.label()).daemon().start(this::keepRunning);
  }

  synchronized State state() {
    long pid = child != null && child.isAlive() ? child.pid() : 0;
    forgetOldEnds();
    return new State(role, pid, (long) restarts.count(), lastEnd, ends.size());
  }

  private void keepRunning() {
    try {
      while (true) {
        long started = nanoTicker.getAsLong();
        Process process = launch();
        boolean atOnce = false;
        boolean ordered = false;
        if (process != null) {
          int code = watch(process);
          atOnce = code == ProcessHalt.OVERRUN || code == ProcessHalt.OUT_OF_MEMORY;
          ordered = code == KILLED || code == TERMINATED;
          ended(process, code);
        }
        Duration ranFor = Duration.ofNanos(nanoTicker.getAsLong() - started);
        if (isStopping(atOnce ? Duration.ZERO : backoff.after(ranFor, ordered))) {
          return;
        }
        restarts.increment();
      }
    } catch (InterruptedException e) {
      LOG.debug("the supervisor of {} was interrupted", role.label());
    }
  }

  private synchronized @Nullable Process launch() {
    if (stopping) {
      return null;
    }
    try {
      child = command.get().start();
      LOG.info("started {} as process {}", role.label(), child.pid());
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // of threads or processes, too
      child = null;
      ends.add(nanoTicker.getAsLong());
      lastEnd = "could not be started: " + e.getMessage();
      LOG.error("{} {}", role.label(), lastEnd);
    }
    return child;
  }

  private int watch(Process process) throws InterruptedException {
    while (!process.waitFor(MEMORY_CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
      if (residentLimit > 0) {
        long resident = ResidentSize.withoutFiles(process.pid());
        if (resident > residentLimit) {
          LOG.warn(
              "{} takes {} bytes, more than {}: killed", role.label(), resident, residentLimit);
          memoryKills.increment();
          process.destroyForcibly();
        }
      }
    }
    return process.exitValue();
  }

  private synchronized void ended(Process process, int code) {
    lastEnd = "exit code " + code + (code == OUT_OF_MEMORY ? ", its Java heap was too small" : "");
    if (stopping) {
      LOG.info("{} (process {}) has stopped, exit code {}", role.label(), process.pid(), code);
    } else {
      LOG.warn("{} (process {}) ended, {}", role.label(), process.pid(), lastEnd);
      ends.add(nanoTicker.getAsLong());
      forgetOldEnds();
    }
  }

  private synchronized void forgetOldEnds() {
    long since = nanoTicker.getAsLong() - RECENT.toNanos();
    while (!ends.isEmpty() && ends.peek() < since) {
      ends.remove();
    }
  }

  /** Waits out a pause, or less when stopped meanwhile. */
  private synchronized boolean isStopping(Duration pause) throws InterruptedException {
    long until = nanoTicker.getAsLong() + pause.toNanos();
    while (!stopping) {
      long left = until - nanoTicker.getAsLong();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** From now on the child is not started again, should it end. */
  synchronized void letGo() {
    stopping = true;
    notifyAll();
  }

  /** Stops the child in order, or by force when it takes too long; returns when it is gone. */
  @Override
  public void close() throws InterruptedException {
    letGo();
    Process process;
    synchronized (this) {
      process = child;
    }
    if (process != null && process.isAlive()) {
      askToStop(process);
      if (!process.waitFor(stopGrace.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("{} did not stop within {}: killed", role.label(), stopGrace);
        process.destroyForcibly().waitFor();
      }
    }
    thread.join();
  }

  private void askToStop(Process process) {
    try {
      OutputStream input = process.getOutputStream();
      input.write('q');
      input.flush();
    } catch (IOException e) {
      LOG.debug("{} is stopping already", role.label(), e);
    }
  }
}
