package weir.lake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.Position;
import weir.log.PositionReleasedException;

/**
 * Brings the clean log into the tables, exactly once, on one thread.
 *
 * <p>A table is created when its first row is read, before anything read later can be committed: so
 * at a restart, reading from the least position of all existing tables misses nothing. Each table
 * skips what lies before its own position. A table whose position lies before the log's earliest
 * frame had nothing pending when that part was released.
 *
 * <p>Failures that may pass (a full disk, a locked catalog) are tried again; meanwhile nothing more
 * is read. When another writer takes over, or the log cannot be understood, the loop ends: see
 * {@link #stopped()}.
 */
public final class LakeWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeWriter.class);
  private static final int ENTRIES_PER_STEP = 20_000;
  private static final int COMMITS_BETWEEN_TIDYING = 64;
  private static final Duration LONGEST_WAIT = Duration.ofMillis(50);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  /** The tables that a writer writes. */
  interface Tables {
    List<TableName> existing() throws IOException;

    /** Opens a table, and creates it durably where it does not exist. */
    EventTable open(TableName name) throws IOException;

    /** Time for housekeeping, which must not fail. */
    void tidy(EventTable table);
  }

  record TableName(String project, TableLayout layout) {
    @Override
    public String toString() {
      return project + "." + layout.tableName();
    }
  }

  private record Flush(Position upTo, CompletableFuture<Void> done) {}

  private final Tables tables;
  private final EventLog log;
  private final LakeOptions options;
  private final InstantSource clock;
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final Map<TableName, PendingTable> open = new HashMap<>();
  private final LogReader reader;
  private final Queue<Flush> flushes = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Counter eventRows;
  private final Counter badEventRows;
  private final Timer commitTimer;
  private final Counter failures;
  private final Counter damaged;
  private final Counter misfits;
  private @Nullable LogEntry unrouted;
  private Position readTo;
  private volatile Position holdsFrom;
  private final AtomicLong pendingRows = new AtomicLong();
  private final AtomicLong pendingBytes = new AtomicLong();
  private boolean commitFailed;
  private int commits;
  private @Nullable Thread thread;

  LakeWriter(
      Tables tables, EventLog log, LakeOptions options, InstantSource clock, MeterRegistry meters)
      throws IOException {
    this.tables = tables;
    this.log = log;
    this.options = options;
    this.clock = clock;
    Position start = openTables();
    this.reader = log.read(start);
    this.readTo = start;
    this.holdsFrom = start;
    this.eventRows = rows("events", meters);
    this.badEventRows = rows("bad_events", meters);
    this.commitTimer =
        Timer.builder("weir_lake_commit")
            .description("Writing pending rows of a table and committing them")
            .register(meters);
    this.failures =
        counter("weir_lake_failures", "Commits that failed and are tried again", meters);
    this.damaged =
        counter("weir_lake_damaged_frames", "Stretches of the clean log that are broken", meters);
    this.misfits =
        counter(
            "weir_lake_property_misfits",
            "Property values that did not fit their column and went to properties",
            meters);
    Gauge.builder("weir_lake_pending_rows", pendingRows, AtomicLong::get)
        .description("Rows that were read and are not committed yet")
        .register(meters);
    Gauge.builder("weir_lake_pending_bytes", pendingBytes, AtomicLong::get)
        .description("Memory of the rows that are not committed yet")
        .register(meters);
  }

  private static Counter rows(String table, MeterRegistry meters) {
    return Counter.builder("weir_lake_rows")
        .tag("table", table)
        .description("Rows committed")
        .register(meters);
  }

  private static Counter counter(String name, String description, MeterRegistry meters) {
    return Counter.builder(name).description(description).register(meters);
  }

  private Position openTables() throws IOException {
    Position least = null;
    for (TableName name : tables.existing()) {
      PendingTable table = new PendingTable(name, tables.open(name));
      open.put(name, table);
      Position position = table.position();
      if (log.durableEnd().isBefore(position)) {
        throw new IllegalStateException(
            name + " is at " + position + ", behind the clean log's end " + log.durableEnd());
      }
      least = least == null || position.isBefore(least) ? position : least;
    }
    Position earliest = log.earliest();
    return least == null || least.isBefore(earliest) ? earliest : least;
  }

  /** Starts the loop on a thread of its own. */
  public synchronized void start() {
    if (thread != null) {
      throw new IllegalStateException("started already");
    }
    thread = Thread.ofPlatform().name("lake-writer").start(this::run);
  }

  /** The clean log may be released before this position. Moves forward only. */
  public Position holdsFrom() {
    return holdsFrom;
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
    Duration backoff = FIRST_BACKOFF;
    try {
      while (closing.getCount() > 0) {
        try {
          if (!step()) {
            reader.await(untilDue());
          }
          backoff = FIRST_BACKOFF;
        } catch (WriterSupersededException | PositionReleasedException e) {
          throw e;
        } catch (IOException e) {
          failures.increment();
          LOG.error("the lake cannot be written; next try in {}", backoff, e);
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

  /**
   * Reads some of the log and commits what is due.
   *
   * @return whether there was anything to read
   */
  boolean step() throws IOException {
    if (commitFailed) {
      commitAll(true);
    }
    boolean anything = read();
    Position wanted = flushWanted();
    commitAll(wanted != null && !readTo.isBefore(wanted));
    publish();
    completeFlushes();
    return anything;
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
      readTo = entry.next();
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
        damaged.increment();
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
    if (!table.position().isBefore(frame.next())) {
      return null;
    }
    long before = table.bytes();
    table.add(row, frame.position(), clock.instant());
    pendingBytes.addAndGet(table.bytes() - before);
    return table;
  }

  private boolean isFull(PendingTable table) {
    return pendingBytes.get() >= options.pendingBytes() || table.rows() >= options.commitEvents();
  }

  private void commitAll(boolean evenIfNotDue) throws IOException {
    Instant now = clock.instant();
    boolean all = evenIfNotDue || pendingBytes.get() >= options.pendingBytes();
    for (PendingTable table : open.values()) {
      if (table.hasPending() && (all || isDue(table, now))) {
        commit(table);
      }
    }
    commitFailed = false;
  }

  private boolean isDue(PendingTable table, Instant now) {
    Instant since = table.since();
    return table.rows() >= options.commitEvents()
        || !now.isBefore(since.plus(options.commitInterval()))
        || now.isBefore(since);
  }

  private void commit(PendingTable table) throws IOException {
    int rows = table.rows();
    long bytes = table.bytes();
    long astray = table.misfits();
    Timer.Sample sample = Timer.start();
    commitFailed = true;
    table.commit(readTo);
    commitFailed = false;
    sample.stop(commitTimer);
    Counter counter =
        switch (table.name().layout()) {
          case EVENTS -> eventRows;
          case BAD_EVENTS -> badEventRows;
        };
    counter.increment((double) rows);
    misfits.increment((double) astray);
    pendingBytes.addAndGet(-bytes);
    publish();
    if (++commits % COMMITS_BETWEEN_TIDYING == 0) {
      tables.tidy(table.table());
    }
  }

  private void publish() {
    Position holds = readTo;
    long rows = 0;
    for (PendingTable table : open.values()) {
      rows += table.rows();
      if (table.hasPending() && table.firstPending().isBefore(holds)) {
        holds = table.firstPending();
      }
    }
    pendingRows.set(rows);
    holdsFrom = holds;
  }

  private @Nullable Position flushWanted() {
    Position wanted = null;
    for (Flush flush : flushes) {
      wanted = wanted == null || flush.upTo().isBefore(wanted) ? flush.upTo() : wanted;
    }
    return wanted;
  }

  private void completeFlushes() {
    for (int waiting = flushes.size(); waiting > 0; waiting--) {
      Flush flush = flushes.remove();
      if (holdsFrom.isBefore(flush.upTo())) {
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
        Duration due = Duration.between(now, table.since().plus(options.commitInterval()));
        wait = due.compareTo(wait) < 0 ? due : wait;
      }
    }
    return wait.isNegative() ? Duration.ZERO : wait;
  }
}
