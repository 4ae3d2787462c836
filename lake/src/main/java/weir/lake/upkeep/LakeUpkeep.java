package weir.lake.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.LakeFile;
import weir.lake.LakeTable;
import weir.lake.UpkeepOptions;
import weir.lake.catalog.LakeCatalog;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.reading.LakeReader;
import weir.lake.stored.NamedSnapshots;
import weir.lake.stored.StoredTables;
import weir.lake.table.IcebergTable;
import weir.lake.table.LakeTables;
import weir.lake.table.TableFiles;
import weir.log.files.Files;

/**
 * Keeps tables in order while they are written, on a thread of its own: merges small files, makes
 * their sidecars, drops days that are too old, forgets old snapshots with the files that only they
 * have, and removes files that nothing refers to.
 *
 * <p>Each of these changes a table by one commit, which neither loses nor doubles a row, and which
 * gives way to an append that was faster. What fails, an {@link Error} too, is logged, counted,
 * told by {@link #trouble()} until it succeeds, and due again later; it ends nothing. After a batch
 * of merging it rests for as long as that took, so that it never takes more than half a core.
 */
public final class LakeUpkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeUpkeep.class);

  /** About a quarter of a core's time where others want it all. */
  private static final int NICENESS = 5;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration SWEEP_AT_MOST_EVERY = Duration.ofMinutes(10);
  private static final Duration ORPHANS_EVERY = Duration.ofDays(1);
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private static final String STORED = "stored tables";
  private static final String LIST = "listing tables";
  private static final String ALL = "a round";

  private final LakeTables tables;
  private final NamedSnapshots snapshots;
  private final LakeReader reader;
  private final UpkeepOptions options;
  private final InstantSource clock;
  private final UpkeepMeters meters;
  private final Compactor compactor;
  private final Sidecars sidecars;
  private final OrphanFiles orphans;
  private final StoredUpkeep stored;
  private final Duration sweepEvery;
  private final Set<TableName> changed = new LinkedHashSet<>();
  private final Map<TableName, Pause> pauses = new HashMap<>();
  private final Map<String, Failure> failing = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Instant swept;
  private @Nullable Instant orphansRemoved;
  private @Nullable Thread thread;

  private record Failure(Instant at, String why) {}

  private record Pause(Instant from, Duration length) {
    boolean isOver(Instant now) {
      return now.isBefore(from) || !now.isBefore(from.plus(length));
    }
  }

  public LakeUpkeep(
      LakeTables tables,
      NamedSnapshots snapshots,
      LakeReader reader,
      Files files,
      TableFiles tableFiles,
      Path dir,
      StoredTables stored,
      UpkeepOptions options,
      InstantSource clock,
      MeterRegistry meters) {
    this.tables = tables;
    this.snapshots = snapshots;
    this.reader = reader;
    this.options = options;
    this.clock = clock;
    this.meters = new UpkeepMeters(meters);
    this.compactor = new Compactor(tableFiles, dir.resolve("spill"), options, this.meters);
    this.sidecars = new Sidecars(files, meters);
    this.orphans = new OrphanFiles(files, tableFiles);
    this.stored = new StoredUpkeep(LakeCatalog.warehouse(dir), stored, files, orphans);
    Duration quarter = options.snapshotAge().dividedBy(4);
    this.sweepEvery = quarter.compareTo(SWEEP_AT_MOST_EVERY) < 0 ? quarter : SWEEP_AT_MOST_EVERY;
  }

  /** Starts on a thread of its own. */
  public synchronized void start() {
    if (thread != null) {
      throw new IllegalStateException("started already");
    }
    thread = Thread.ofPlatform().name("lake-upkeep").daemon().start(this::run);
  }

  /** Ends it; what it is at is given up, with nothing lost. */
  @Override
  public void close() {
    closing.countDown();
    compactor.cancel();
    sidecars.cancel();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      boolean interrupted = false;
      while (running.isAlive()) {
        try {
          running.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    sidecars.close();
  }

  /** Says that rows were appended to a table. */
  public void changed(TableName name) {
    synchronized (changed) {
      changed.add(name);
    }
  }

  private void run() {
    ThreadNiceness.set(NICENESS);
    try {
      while (closing.getCount() > 0) {
        Instant began = clock.instant();
        boolean[] more = {false};
        boolean done = attempt(ALL, () -> more[0] = step());
        Duration rest =
            !done ? FIRST_PAUSE : more[0] ? Duration.between(began, clock.instant()) : LOOK_EVERY;
        if (closing.await(Math.max(1, rest.toMillis()), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.warn("the lake's upkeep was interrupted");
    }
  }

  /** What fails again and again, in words for people; empty if nothing does. */
  public Optional<String> trouble() {
    Instant longAgo = clock.instant().minus(ORPHANS_EVERY).minus(LONGEST_PAUSE);
    failing.values().removeIf(failure -> failure.at().isBefore(longAgo)); // its table is gone
    return failing.entrySet().stream()
        .findFirst()
        .map(each ->
            "the lake's upkeep: %s fails (%s); see the engine's log"
                .formatted(each.getKey(), each.getValue().why()));
  }

  /**
   * Does what is due, and of merging one batch; for those who do not {@link #start()} it.
   *
   * @return whether there may be more to merge
   */
  public boolean step() {
    Instant now = clock.instant();
    if (isDue(swept, sweepEvery, now)) {
      swept = now;
      sweep(now);
    }
    if (isDue(orphansRemoved, ORPHANS_EVERY, now)) {
      orphansRemoved = now;
      for (TableName name : existing()) {
        attempt("removal of orphans of " + name, () -> removeOrphans(name, now));
      }
      attempt(
          "removal of orphans of " + STORED,
          () -> meters.orphans.increment(stored.removeOrphans(now.minus(options.orphanAge()))));
    }
    return compactNext(now);
  }

  private static boolean isDue(@Nullable Instant last, Duration every, Instant now) {
    return last == null || now.isBefore(last) || !now.isBefore(last.plus(every));
  }

  private interface Work {
    void run() throws IOException;
  }

  private boolean attempt(String what, Work work) {
    if (closing.getCount() == 0) {
      return false;
    }
    try {
      work.run();
      failing.remove(what);
      return true;
    } catch (IOException | RuntimeException | Error e) {
      if (closing.getCount() > 0) {
        failing.put(what, new Failure(clock.instant(), e.toString()));
        meters.failures.increment();
        LOG.error("{} failed and is due again later", what, e);
      }
      return false;
    }
  }

  private List<TableName> existing() {
    List<TableName> found = new ArrayList<>();
    attempt(LIST, () -> found.addAll(tables.existing()));
    return found;
  }

  private void sweep(Instant now) {
    long[] totals = {0, 0};
    for (String project : projects()) {
      attempt("named snapshots of " + project, () -> snapshots.forgetRemains(project));
    }
    for (TableName name : existing()) {
      attempt(
          "retention of " + name,
          () -> {
            LakeTable read = reader.table(name.project(), name.layout());
            totals[0] += read.files().size();
            totals[1] += read.files().stream().mapToLong(LakeFile::bytes).sum();
            IcebergTable table = tables.open(name);
            dropOld(name, read, table, now);
            meters.snapshots.increment(
                table.expireSnapshotsReplacedBefore(now.minus(options.snapshotAge())));
          });
      changed(name);
    }
    attempt(
        "retention of " + STORED,
        () ->
            meters.snapshots.increment(
                stored.removeReplacedBefore(
                    now.minus(options.snapshotAge()), now.minus(options.orphanAge()))));
    meters.files.set(totals[0]);
    meters.bytes.set(totals[1]);
  }

  private Set<String> projects() {
    return existing().stream().map(TableName::project).collect(Collectors.toSet());
  }

  private Optional<Duration> keep(TableLayout layout) {
    return switch (layout) {
      case EVENTS -> options.keepEvents();
      case BAD_EVENTS -> options.keepBadEvents();
    };
  }

  private void dropOld(TableName name, LakeTable read, IcebergTable table, Instant now)
      throws IOException {
    Optional<Duration> keep = keep(name.layout());
    if (keep.isEmpty()) {
      return;
    }
    LocalDate first = LocalDate.ofInstant(now.minus(keep.get()), ZoneOffset.UTC);
    if (read.files().stream().anyMatch(file -> file.day().isBefore(first))) {
      long rows = table.dropBefore(first);
      meters.expired(name.layout(), rows);
      LOG.info("{}: {} rows from before {} were dropped", name, rows, first);
    }
  }

  private void removeOrphans(TableName name, Instant now) throws IOException {
    IcebergTable table = tables.open(name);
    meters.orphans.increment(orphans.remove(table.table(), now.minus(options.orphanAge())));
  }

  private boolean compactNext(Instant now) {
    TableName name = nextChanged(now);
    if (name == null) {
      return false;
    }
    boolean[] more = {false};
    boolean done =
        attempt(
            "compaction of " + name,
            () -> {
              LakeTable read = reader.table(name.project(), name.layout());
              more[0] =
                  compactor.compact(name, read, () -> tables.open(name), now)
                      || sidecars.make(name, read);
            });
    if (done) {
      pauses.remove(name);
    } else {
      Pause last = pauses.get(name);
      Duration longer = last == null ? FIRST_PAUSE : last.length().multipliedBy(2);
      pauses.put(
          name, new Pause(now, longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE));
    }
    if (more[0] || !done) {
      changed(name);
    }
    return more[0] || nextWaits(now);
  }

  private @Nullable TableName nextChanged(Instant now) {
    synchronized (changed) {
      for (TableName name : changed) {
        if (mayTry(name, now)) {
          changed.remove(name);
          return name;
        }
      }
      return null;
    }
  }

  private boolean nextWaits(Instant now) {
    synchronized (changed) {
      return new ArrayList<>(changed).stream().anyMatch(name -> mayTry(name, now));
    }
  }

  private boolean mayTry(TableName name, Instant now) {
    Pause pause = pauses.get(name);
    return pause == null || pause.isOver(now);
  }
}
