package weir.lake.writing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.Positions;
import weir.lake.LakeOptions;
import weir.lake.catalog.TableLayout;
import weir.lake.catalog.TableName;
import weir.lake.table.EventTable;
import weir.lake.table.WriterSupersededException;
import weir.lake.upkeep.ThreadNiceness;
import weir.log.LogEntry;
import weir.log.MovingPositions;
import weir.log.PartitionedLog;
import weir.log.PartitionedReader;
import weir.log.PositionReleasedException;

/**
 * Brings the clean log into the tables, exactly once, on one thread.
 *
 * <p>A table is created when its first row is read, before anything read later can be committed: so
 * at a restart, reading from the least position of all existing tables misses nothing. Each table
 * skips what lies before its own position. A table whose position lies before the log's earliest
 * frame had nothing pending when that part was released.
 *
 * <p>Failures that may pass (a full disk, a locked catalog) are tried again. A table whose commit
 * fails holds up no other one: its rows gather, and only when all memory for pending rows is used
 * up is nothing more read. When another writer takes over, or the log cannot be understood, the
 * loop ends: see {@link #stopped()}.
 */
public final class LakeWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeWriter.class);
  private static final int ENTRIES_PER_STEP = 20_000;
  private static final Duration LONGEST_WAIT = Duration.ofMillis(50);

  /** Queries have the newest rows without it; deciding them goes first. */
  private static final int NICENESS = 5;

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  /** The tables that a writer writes. */
  interface Tables {
    List<TableName> existing() throws IOException;

    /** Opens a table, and creates it durably where it does not exist. */
    EventTable open(TableName name) throws IOException;

    /** Told after each commit; must not fail. */
    void committed(TableName name);
  }

  private record Flush(Positions upTo, CompletableFuture<Void> done) {}

  private final Tables tables;
  private final PartitionedLog log;
  private final LakeOptions options;
  private final InstantSource clock;
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final Map<TableName, PendingTable> open = new HashMap<>();
  private final PartitionedReader reader;
  private final MovingPositions readTo;
  private final Queue<Flush> flushes = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CommitCadence cadence;
  private final LakeMeters meters;
  private @Nullable LogEntry unrouted;
  private volatile Positions holdsFrom;
  private volatile String trouble = "";
  private @Nullable IOException commitFailure;
  private @Nullable Thread thread;

  LakeWriter(
      Tables tables,
      PartitionedLog log,
      LakeOptions options,
      InstantSource clock,
      MeterRegistry meters)
      throws IOException {
    this.tables = tables;
    this.log = log;
    this.options = options;
    this.clock = clock;
    this.cadence = new CommitCadence(options);
    this.meters = new LakeMeters(meters);
    Positions start = openTables();
    this.reader = log.read(start);
    this.readTo = new MovingPositions(start);
    this.holdsFrom = start;
  }

  private Positions openTables() throws IOException {
    Positions least = null;
    for (TableName name : tables.existing()) {
      PendingTable table = new PendingTable(name, tables.open(name));
      open.put(name, table);
      Positions position = table.position();
      if (!log.durableEnd().covers(position)) {
        throw new IllegalStateException(
            name + " is at " + position + ", behind the clean log's end " + log.durableEnd());
      }
      least = least == null ? position : least.earlier(position);
    }
    Positions earliest = log.earliest();
    return least == null ? earliest : least.later(earliest);
  }

  /** Starts the loop on a thread of its own. */
  public synchronized void start() {
    if (thread != null) {
      throw new IllegalStateException("started already");
    }
    thread = Thread.ofPlatform().name("lake-writer").start(this::run);
  }

  /** The clean log may be released before this position. Moves forward only. */
  public Positions holdsFrom() {
    return holdsFrom;
  }

  /** What keeps rows from being committed, as long as it does. */
  public Optional<String> trouble() {
    return Optional.of(trouble).filter(why -> !why.isEmpty());
  }

  /**
   * Asks for everything that the log durably holds now to be committed; completes when it is, or
   * exceptionally when the loop has ended before.
   */
  public CompletableFuture<Void> flush() {
    Flush flush = new Flush(log.durableEnd(), new CompletableFuture<>());
    flushes.add(flush);
    var _ =
        stopped.whenComplete((ignored, failure) ->
            flush
                .done()
                .completeExceptionally(
                    failure == null ? new IOException("the lake writer was closed") : failure));
    return flush.done();
  }

  /**
   * Completes when the loop has ended: normally after {@link #close()}, exceptionally when it
   * cannot go on, with {@link WriterSupersededException} where another writer has taken over.
   */
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  /** Ends the loop after the step that it is at. Pending rows stay in the log. */
  @Override
  public void close() {
    closing.countDown();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    if (running != null) {
      stopped.handle((ignored, failure) -> true).join();
    } else {
      stopped.complete(null);
    }
    reader.close();
  }

  private void run() {
    ThreadNiceness.set(NICENESS);
    Duration backoff = FIRST_BACKOFF;
    try {
      while (closing.getCount() > 0) {
        try {
          boolean anything = work();
          if (meters.failingTables.get() == 0) {
            trouble = "";
          }
          if (!anything) {
            pause();
          }
          backoff = FIRST_BACKOFF;
        } catch (WriterSupersededException | PositionReleasedException e) {
          throw e;
        } catch (IOException e) {
          meters.failures.increment();
          trouble = "the lake cannot be written: " + e;
          LOG.error("the lake cannot go on; next try in {}", backoff, e);
          boolean ending = closing.await(backoff.toMillis(), TimeUnit.MILLISECONDS);
          Duration longer = backoff.multipliedBy(ending ? 1 : 2);
          backoff = longer.compareTo(LONGEST_BACKOFF) < 0 ? longer : LONGEST_BACKOFF;
        }
      }
      stopped.complete(null);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      LOG.error("the lake writer has stopped", e);
      stopped.completeExceptionally(e);
    }
  }

  private void pause() throws IOException, InterruptedException {
    Duration wait = untilDue();
    if (hasRoom()) {
      reader.await(wait);
    } else {
      boolean ending = closing.await(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
      LOG.debug("no memory for more rows; ending: {}", ending);
    }
  }

  /**
   * Reads some of the log and commits what is due.
   *
   * @return whether there was anything to read
   * @throws IOException if the log cannot be read or a commit failed
   */
  boolean step() throws IOException {
    boolean anything = work();
    IOException failure = commitFailure;
    if (failure != null) {
      throw failure;
    }
    return anything;
  }

  /** Reads, and then commits in any case; a commit that fails is only logged. */
  private boolean work() throws IOException {
    commitFailure = null;
    try {
      return hasRoom() && read();
    } finally {
      Positions wanted = flushWanted();
      commitDue(wanted != null && readTo.now().covers(wanted));
      publish();
      completeFlushes();
    }
  }

  private boolean hasRoom() {
    return meters.pendingBytes.get() < options.pendingBytes();
  }

  private boolean read() throws IOException {
    boolean anything = false;
    for (int i = 0; i < ENTRIES_PER_STEP; i++) {
      LogEntry entry = unrouted == null ? reader.next() : unrouted;
      if (entry == null) {
        return anything;
      }
      anything = true;
      unrouted = entry;
      PendingTable changed = route(entry);
      unrouted = null;
      readTo.moveBehind(entry);
      if (changed != null && isFull(changed)) {
        return true;
      }
    }
    return anything;
  }

  private @Nullable PendingTable route(LogEntry entry) throws IOException {
    return switch (entry) {
      case LogEntry.Frame frame -> route(frame);
      case LogEntry.Damaged broken -> {
        meters.damaged.increment();
        LOG.error("the clean log is damaged from {} to {}", broken.position(), broken.next());
        yield null;
      }
    };
  }

  private @Nullable PendingTable route(LogEntry.Frame frame) throws IOException {
    CleanRecord record = codec.decode(frame.payload());
    return switch (record) {
      case CleanEvent event -> add(frame, event, TableLayout.EVENTS);
      case BadEvent bad -> add(frame, bad, TableLayout.BAD_EVENTS);
      case DuplicateEvent ignored -> null;
      case DroppedEvent ignored -> null;
    };
  }

  private @Nullable PendingTable add(LogEntry.Frame frame, CleanRecord row, TableLayout layout)
      throws IOException {
    TableName name = new TableName(row.origin().project(), layout);
    PendingTable table = open.get(name);
    if (table == null) {
      table = new PendingTable(name, tables.open(name));
      open.put(name, table);
    }
    if (!table.position().of(frame.partition()).isBefore(frame.next())) {
      return null;
    }
    long before = table.bytes();
    table.add(row, frame, clock.instant());
    meters.pendingBytes.addAndGet(table.bytes() - before);
    return table;
  }

  private boolean isFull(PendingTable table) {
    return !hasRoom() || (!table.isFailing() && cadence.isEnough(table.rows()));
  }

  private void commitDue(boolean all) throws IOException {
    Instant now = clock.instant();
    Positions read = readTo.now();
    for (PendingTable table : open.values()) {
      if (all || isDue(table, read, now)) {
        commit(table, read, now);
      }
    }
    if (!hasRoom()) {
      makeRoom(read, now);
    }
  }

  private boolean isDue(PendingTable table, Positions read, Instant now) {
    return table.isFailing()
        || log.bytesBetween(table.holdsFrom(read), read) > options.heldLogBytes()
        || cadence.isDue(table.rows(), table.since(), now);
  }

  /** Commits the largest tables until half of the memory is free. */
  private void makeRoom(Positions read, Instant now) throws IOException {
    List<PendingTable> largestFirst = new ArrayList<>(open.values());
    largestFirst.sort(Comparator.comparingLong(PendingTable::bytes).reversed());
    for (PendingTable table : largestFirst) {
      if (meters.pendingBytes.get() > options.pendingBytes() / 2) {
        commit(table, read, now);
      }
    }
  }

  private void commit(PendingTable table, Positions read, Instant now) throws IOException {
    if (!table.hasPending() || table.untilTry(now).isPositive()) {
      return;
    }
    long before = table.bytes();
    Timer.Sample sample = Timer.start();
    try {
      meters.committed(table.name().layout(), table.commit(read, now));
      sample.stop(meters.commits);
      tables.committed(table.name());
    } catch (WriterSupersededException e) {
      throw e;
    } catch (IOException e) {
      meters.failures.increment();
      trouble = table.name() + " cannot be committed: " + e;
      LOG.error("{} cannot be committed and is tried again", table.name(), e);
      commitFailure = e;
    } finally {
      meters.pendingBytes.addAndGet(table.bytes() - before);
      publish();
    }
  }

  private void publish() {
    Positions now = readTo.now();
    Positions holds = now;
    long rows = 0;
    long failing = 0;
    for (PendingTable table : open.values()) {
      rows += table.rows();
      failing += table.isFailing() ? 1 : 0;
      if (table.hasPending()) {
        holds = holds.earlier(table.holdsFrom(now));
      }
    }
    meters.pendingRows.set(rows);
    meters.failingTables.set(failing);
    holdsFrom = holds;
  }

  private @Nullable Positions flushWanted() {
    Positions wanted = null;
    for (Flush flush : flushes) {
      wanted = wanted == null ? flush.upTo() : wanted.earlier(flush.upTo());
    }
    return wanted;
  }

  private void completeFlushes() {
    for (int waiting = flushes.size(); waiting > 0; waiting--) {
      Flush flush = flushes.remove();
      if (!holdsFrom.covers(flush.upTo())) {
        flushes.add(flush);
      } else {
        flush.done().complete(null);
      }
    }
  }

  private Duration untilDue() {
    Instant now = clock.instant();
    Duration wait = LONGEST_WAIT;
    for (PendingTable table : open.values()) {
      if (table.hasPending()) {
        Duration due =
            table.isFailing()
                ? table.untilTry(now)
                : cadence.untilDue(table.rows(), table.since(), now);
        wait = due.compareTo(wait) < 0 ? due : wait;
      }
    }
    return wait.isNegative() ? Duration.ZERO : wait;
  }
}
