package weir.server.statements;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.directory.TemporaryFolder;

/**
 * A process for each project that is asked: started at its first statement, ended when nobody has
 * asked for a while, replaced at once when a statement has ended it.
 */
public final class StatementProcesses implements Statements, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatementProcesses.class);
  private static final long LOOK_MILLIS = 250;
  private static final Duration STOP_GRACE = Duration.ofSeconds(1);

  private final Options options;
  private final LongSupplier nanoTicker;
  private final Penalties penalties;
  private final Map<String, ProjectStatements> projects = new LinkedHashMap<>();
  private final Set<String> over = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService scheduler;
  private volatile boolean closed;

  /**
   * How processes are made and bounded.
   *
   * @param command starts the process of a project, with a folder that is its own
   * @param folders an empty one for these folders
   * @param processes at a time; beyond it one that is not in use ends for a new one
   * @param idle how long a process stays that nobody asks
   * @param residentLimit bytes of memory, without mapped files, above which one is killed; 0 for
   *     none
   * @param patience how long a statement waits for its process
   */
  public record Options(
      BiFunction<String, Path, ProcessBuilder> command,
      Path folders,
      int processes,
      Duration idle,
      long residentLimit,
      Duration patience) {
    public Options {
      Objects.requireNonNull(command, "command");
      Objects.requireNonNull(folders, "folders");
      Objects.requireNonNull(idle, "idle");
      Objects.requireNonNull(patience, "patience");
    }
  }

  private StatementProcesses(Options options, LongSupplier nanoTicker) {
    this.options = options;
    this.nanoTicker = nanoTicker;
    this.penalties = new Penalties(nanoTicker);
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("statements").factory());
  }

  /** Starts none yet. */
  public static StatementProcesses start(Options options, LongSupplier nanoTicker) {
    StatementProcesses started = new StatementProcesses(options, nanoTicker);
    started.scheduler.scheduleWithFixedDelay(
        started::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return started;
  }

  @Override
  public CompletableFuture<Place> open(String project, String key) {
    CompletableFuture<Place> opened = new CompletableFuture<>();
    Duration wait = penalties.left(key);
    if (closed) {
      opened.completeExceptionally(new UnavailableException("this engine is stopping"));
    } else if (over.contains(project)) {
      opened.completeExceptionally(
          new UnavailableException("the project " + project + " is closed"));
    } else if (wait.isZero()) {
      enter(project, key, opened);
    } else {
      later(wait, () -> enter(project, key, opened));
    }
    return opened;
  }

  private void enter(String project, String key, CompletableFuture<Place> opened) {
    of(project).enter(key, opened);
    if (!opened.isDone()) {
      later(
          options.patience(),
          () ->
              opened.completeExceptionally(
                  new UnavailableException("the process for statements is still starting")));
    }
  }

  @Override
  public void end(String project) {
    over.add(project);
    ProjectStatements ended;
    synchronized (this) {
      ended = projects.remove(project);
    }
    if (ended != null) {
      Thread.ofVirtual().name("end-" + project).start(() -> stop(ended));
    }
  }

  private synchronized ProjectStatements of(String project) {
    return projects.computeIfAbsent(project, name -> new ProjectStatements(name, this));
  }

  private synchronized List<ProjectStatements> all() {
    return List.copyOf(projects.values());
  }

  long now() {
    return nanoTicker.getAsLong();
  }

  /** Whether a project's process that has just started is not wanted any more. */
  boolean isOver(String project) {
    return closed || over.contains(project);
  }

  Penalties penalties() {
    return penalties;
  }

  /** Starts a process of a project and waits until it serves. */
  StatementProcess startProcess(String project) throws IOException {
    Path folder = options.folders().resolve(project + "-" + UUID.randomUUID());
    Files.createDirectories(folder);
    try {
      StatementProcess process = StatementProcess.start(options.command().apply(project, folder));
      process.exited().thenRun(() -> TemporaryFolder.delete(folder));
      return process;
    } catch (IOException | RuntimeException e) {
      TemporaryFolder.delete(folder);
      throw e;
    }
  }

  /** Does something quick after a pause. */
  void later(Duration pause, Runnable task) {
    scheduler.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends the process that was not used for longest, if there are as many as there may be. */
  void makeRoom(ProjectStatements asking) {
    List<ProjectStatements> others =
        all().stream().filter(each -> each != asking && each.hasProcess()).toList();
    if (others.size() >= options.processes()) {
      others.stream()
          .filter(each -> each.idleSince().isPresent())
          .min(Comparator.comparingLong(each -> each.idleSince().orElse(Long.MAX_VALUE) - now()))
          .ifPresent(ProjectStatements::endIfIdle);
    }
  }

  private void look() {
    try {
      for (ProjectStatements project : all()) {
        project.boundMemory(options.residentLimit());
        Optional<Long> idleSince = project.idleSince();
        if (idleSince.isPresent() && now() - idleSince.get() > options.idle().toNanos()) {
          Thread.ofVirtual().name("end-idle").start(project::endIfIdle);
        }
      }
    } catch (RuntimeException e) {
      LOG.error("The watch over statements failed; it looks again", e);
    }
  }

  @Override
  public List<State> states() {
    return all().stream().map(ProjectStatements::state).toList();
  }

  @Override
  public List<Measured> metrics() {
    return all().stream().map(ProjectStatements::metrics).flatMap(Optional::stream).toList();
  }

  /** Ends all processes. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    scheduler.shutdownNow();
    List<Thread> stopping =
        all().stream().map(each -> Thread.ofVirtual().start(() -> stop(each))).toList();
    for (Thread each : stopping) {
      each.join();
    }
  }

  private static void stop(ProjectStatements project) {
    try {
      project.stop(STOP_GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
