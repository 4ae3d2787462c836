package weir.server.statements;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.query.door.ProcessHalt;
import weir.server.loopback.LoopbackAddress;
import weir.server.metrics.ResidentSize;

/** The process of one project, one after the other. Safe for use by several threads. */
final class ProjectStatements {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectStatements.class);
  private static final Duration SEEN_TO_END = Duration.ofSeconds(1);

  /** Who came so shortly before the end met a process that was ending already. */
  private static final Duration JUST_COME = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int PAUSES_DOUBLED = 6;

  private final String project;
  private final StatementProcesses all;
  private @Nullable Running current;
  private @Nullable CompletableFuture<Running> starting;
  private boolean asking;
  private long lastUsed;
  private long starts;
  private int failedStarts;
  private String lastEnd = "";

  /** A process, and who is in it. */
  private final class Running {
    private final StatementProcess process;
    private final Set<Inside> inside = new HashSet<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private boolean retired;

    Running(StatementProcess process) {
      this.process = process;
    }
  }

  /**
   * The end of a process.
   *
   * @param alone whether one statement was in it
   * @param innocent whether it ended for a reason that no statement is
   */
  private record End(long at, boolean alone, boolean innocent) {}

  /** A statement's place. */
  private final class Inside implements Statements.Place {
    private final Running running;
    private final String key;
    private final long since;

    Inside(Running running, String key) {
      this.running = running;
      this.key = key;
      this.since = all.now();
    }

    @Override
    public LoopbackAddress address() {
      return running.process.address();
    }

    @Override
    public void ending(boolean toBlame) {
      if (toBlame) {
        all.penalties().blame(key);
      }
      retire(running);
      all.later(LAST_WORDS, running.process::kill); // in case it does not
    }

    @Override
    public CompletableFuture<Statements.Fate> lost() {
      return running
          .end
          .thenApply(this::fate)
          .completeOnTimeout(Statements.Fate.LOST, SEEN_TO_END.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Statements.Fate fate(End end) {
      synchronized (ProjectStatements.this) {
        if (running.retired || end.innocent()) {
          return Statements.Fate.AGAIN;
        }
      }
      boolean justCame = end.at() - since < JUST_COME.toNanos();
      if (end.alone()) {
        return justCame ? Statements.Fate.ONCE_MORE : Statements.Fate.TOO_EXPENSIVE;
      }
      return justCame ? Statements.Fate.AGAIN : Statements.Fate.LOST;
    }

    @Override
    public void close() {
      leave(this);
    }
  }

  ProjectStatements(String project, StatementProcesses all) {
    this.project = project;
    this.all = all;
  }

  /** Gives a place once there is a process. */
  void enter(String key, CompletableFuture<Statements.Place> opened) {
    CompletableFuture<Running> ready;
    synchronized (this) {
      lastUsed = all.now();
      if (current != null && current.process.isAlive()) {
        ready = CompletableFuture.completedFuture(current);
      } else if (starting != null) {
        ready = starting;
      } else {
        ready = start();
      }
    }
    ready.whenComplete((running, failure) -> {
      if (failure != null) {
        opened.completeExceptionally(
            new Statements.UnavailableException(
                "the process for statements cannot start: " + failure.getMessage()));
      } else if (!opened.isDone()) {
        Inside place = inside(running, key);
        if (!opened.complete(place)) {
          place.close();
        }
      }
    });
  }

  private synchronized Inside inside(Running running, String key) {
    Inside place = new Inside(running, key);
    running.inside.add(place);
    return place;
  }

  private synchronized void leave(Inside place) {
    place.running.inside.remove(place);
    lastUsed = all.now();
  }

  /** From now on nobody gets a place in it. */
  private synchronized void retire(Running running) {
    running.retired = true;
    if (current == running) {
      current = null;
    }
  }

  private CompletableFuture<Running> start() {
    CompletableFuture<Running> ready = new CompletableFuture<>();
    starting = ready;
    Duration pause =
        failedStarts == 0
            ? Duration.ZERO
            : FIRST_PAUSE.multipliedBy(1L << Math.min(failedStarts, PAUSES_DOUBLED));
    all.later(
        pause, () -> Thread.ofPlatform().daemon().name("start-" + project).start(() -> run(ready)));
    return ready;
  }

  private void run(CompletableFuture<Running> ready) {
    try {
      all.makeRoom(this);
      StatementProcess process = all.startProcess(project);
      Running running = new Running(process);
      LOG.info("statements of {} run in process {}", project, process.pid());
      synchronized (this) {
        starts++;
        failedStarts = 0;
        current = running;
        starting = null;
        lastUsed = all.now();
      }
      process.exited().thenAccept(code -> ended(running, code));
      ready.complete(running);
      if (all.isOver(project)) {
        process.askToStop();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("no process for statements of {}", project, e);
      synchronized (this) {
        failedStarts++;
        starting = null;
        lastEnd = "could not be started: " + e.getMessage();
      }
      ready.completeExceptionally(e);
    }
  }

  private void ended(Running running, int code) {
    String toBlame = "";
    boolean innocent = code == ProcessHalt.UNLOADABLE;
    boolean alone;
    synchronized (this) {
      alone = running.inside.size() == 1;
      if (!running.retired) {
        lastEnd = "exit code " + code;
        LOG.warn("the process {} of {} ended, {}", running.process.pid(), project, lastEnd);
        toBlame = innocent ? "" : toBlame(running, alone);
      }
      if (current == running) {
        current = null;
      }
    }
    if (!toBlame.isEmpty()) {
      all.penalties().blame(toBlame);
    }
    running.end.complete(new End(all.now(), alone, innocent));
  }

  /** The key of the statement that has ended the process beyond doubt; empty if none has. */
  private String toBlame(Running running, boolean alone) {
    if (!alone) {
      return "";
    }
    Inside last = running.inside.iterator().next();
    return all.now() - last.since < JUST_COME.toNanos() ? "" : last.key;
  }

  /** Kills the process if it holds more than it may. */
  void boundMemory(long limit) {
    Running running;
    synchronized (this) {
      running = current;
    }
    if (running != null && limit > 0) {
      long resident = ResidentSize.withoutFiles(running.process.pid());
      if (resident > limit) {
        LOG.warn("statements of {} take {} bytes, more than {}: killed", project, resident, limit);
        running.process.kill();
      }
    }
  }

  /** When it was used last; empty if it is in use, or there is no process. */
  synchronized Optional<Long> idleSince() {
    return current == null || !current.inside.isEmpty() ? Optional.empty() : Optional.of(lastUsed);
  }

  synchronized boolean hasProcess() {
    return current != null || starting != null;
  }

  /** Ends the process if nothing runs in it, also nothing that goes on without its client. */
  void endIfIdle() {
    Running running;
    synchronized (this) {
      running = current;
      if (running == null || !running.inside.isEmpty() || asking) {
        return;
      }
      asking = true;
    }
    boolean busy = isBusy(running.process);
    synchronized (this) {
      asking = false;
      if (busy || !running.inside.isEmpty()) {
        lastUsed = all.now();
        return;
      }
      retire(running);
    }
    LOG.info("process {} of {} ends, since nobody asks", running.process.pid(), project);
    running.process.askToStop();
  }

  private static boolean isBusy(StatementProcess process) {
    try {
      return !process.address().get("/running", PATIENCE).strip().equals("0");
    } catch (IOException e) {
      return false; // it is ending, or does not answer
    }
  }

  synchronized Statements.State state() {
    long pid = current == null ? 0 : current.process.pid();
    return new Statements.State(project, pid, starts, lastEnd);
  }

  Optional<Statements.Measured> metrics() {
    Running running;
    synchronized (this) {
      running = current;
    }
    try {
      return running == null
          ? Optional.empty()
          : Optional.of(
              new Statements.Measured(
                  project, running.process.address().get("/metrics", PATIENCE)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Ends the process, whatever runs in it. */
  void stop(Duration grace) throws InterruptedException {
    Running running;
    synchronized (this) {
      running = current;
      if (running == null) {
        return;
      }
      retire(running);
    }
    running.process.stop(grace);
  }
}
