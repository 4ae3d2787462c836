package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.EventLog;

/**
 * Counts what was accepted from the raw log, and what became of it from the clean log, per project,
 * source and minute.
 *
 * <p>Each round reads a stretch of the clean log and then one of the raw log, so that no decision
 * is seen before its request. What was decided to be bad, a duplicate or dropped counts as that at
 * once. An event counts as loaded once the tables have committed everything before the end of the
 * round that read it; until then it is in flight, as uncommitted. So are raw events behind the last
 * decision that was read. Counts and positions move in one transaction: each frame counts once,
 * whatever happens in between. In flight is counted, never derived, so a loss shows as an
 * imbalance.
 *
 * <p>Rows of minutes stay for 30 days; then they are added up to hours, and after two years to
 * days.
 *
 * <p>A round that cannot be stored, since the database is locked or the disk full, is tried again.
 * Has a thread of its own. Holds both logs back to what it has not counted.
 */
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private static final Duration THIN_EVERY = Duration.ofHours(1);
  private static final Duration THIN_AGAIN = Duration.ofMinutes(1);

  private final EventLog raw;
  private final EventLog clean;
  private final Supplier<Position> committed;
  private final LedgerStore store;
  private final LedgerQueries queries;
  private final LedgerThinning thinning;
  private final InstantSource clock;
  private final Duration every;
  private final LedgerReading.Stretch stretch;
  private final Counter failures;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Rows that are to be looked at once the database can be read. */
  private final Set<LedgerCount.Key> unreported = new HashSet<>();

  private Instant thinNext = Instant.MIN;
  private LedgerStore.Cut cut;
  private @Nullable LedgerStep unstored;
  private volatile boolean failing;
  private volatile Position rawHold;
  private volatile Position cleanHold;

  private final Set<LedgerCount.Key> unbalanced = ConcurrentHashMap.newKeySet();

  private Ledger(
      Jdbi database,
      EventLog raw,
      EventLog clean,
      Supplier<Position> committed,
      Duration every,
      LedgerReading.Stretch stretch,
      InstantSource clock,
      MeterRegistry metrics) {
    this.raw = raw;
    this.clean = clean;
    this.committed = committed;
    this.every = every;
    this.stretch = stretch;
    this.store = new LedgerStore(database);
    this.queries = new LedgerQueries(database);
    this.thinning = new LedgerThinning(database, LedgerThinning.Keeping.defaults());
    this.clock = clock;
    this.cut = store.cut();
    this.rawHold = cut.held();
    this.cleanHold = cut.clean();
    this.unbalanced.addAll(store.unbalanced());
    Gauge.builder("weir_ledger_imbalance", unbalanced, Set::size)
        .description("Minutes of a source whose events the ledger cannot account for; 0 is right")
        .register(metrics);
    this.failures =
        Counter.builder("weir_ledger_store_failures")
            .description("Rounds of the ledger that could not be stored and are tried again")
            .register(metrics);
    this.thread = Thread.ofPlatform().name("ledger").unstarted(this::run);
  }

  /**
   * Starts to count.
   *
   * @param committed the clean log's position up to which every table has committed
   * @param every how long to rest between two rounds
   */
  public static Ledger start(
      LedgerDatabase database,
      EventLog raw,
      EventLog clean,
      Supplier<Position> committed,
      Duration every,
      InstantSource clock,
      MeterRegistry metrics) {
    LedgerReading.Stretch stretch = LedgerReading.Stretch.defaults();
    return start(database.jdbi(), raw, clean, committed, every, stretch, clock, metrics);
  }

  static Ledger start(
      Jdbi database,
      EventLog raw,
      EventLog clean,
      Supplier<Position> committed,
      Duration every,
      LedgerReading.Stretch stretch,
      InstantSource clock,
      MeterRegistry metrics) {
    Ledger ledger = new Ledger(database, raw, clean, committed, every, stretch, clock, metrics);
    ledger.thread.start();
    return ledger;
  }

  /** What lies before this position of the raw log is counted, and loaded if it is an event. */
  public Position rawHoldsFrom() {
    return rawHold;
  }

  /** What lies before this position of the clean log is counted. */
  public Position cleanHoldsFrom() {
    return cleanHold;
  }

  /** The rows of a project that begin in [from, to), in order. */
  public List<LedgerRow> rows(String project, Instant from, Instant to) {
    return queries.rows(project, from, to);
  }

  /**
   * The first rows of a project that begin in [from, to), in order.
   *
   * @param after only those after it
   * @param limit how many at most
   */
  public LedgerPage page(
      String project, Instant from, Instant to, LedgerPage.Place after, int limit) {
    return queries.page(project, from, to, after, limit);
  }

  /** Whether every row of a project that begins in [from, to) balances. */
  public boolean balanced(String project, Instant from, Instant to) {
    return queries.balanced(project, from, to);
  }

  /** The sums of some projects over all time. Costs no more after years than on the first day. */
  public LedgerTotals totals(Collection<String> projects) {
    return queries.totals(projects);
  }

  /** Whether what was counted last cannot be stored yet. */
  public boolean isFailing() {
    return failing;
  }

  /** Completes exceptionally when the ledger cannot go on. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (LedgerReading reading = new LedgerReading(raw, clean, stretch, cut, store.open())) {
      boolean last = false;
      boolean more = false;
      while (!last) {
        last = stop.await(more ? 0 : every.toMillis(), TimeUnit.MILLISECONDS);
        more = round(reading);
        if (!more && !last) {
          thin();
        }
      }
      ended.complete(null);
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("the ledger cannot go on", e);
      ended.completeExceptionally(e);
    } catch (InterruptedException e) {
      ended.complete(null);
      Thread.currentThread().interrupt();
    }
  }

  /** Answers whether there is more to do at once. */
  private boolean round(LedgerReading reading) throws IOException {
    boolean more = false;
    if (unstored == null) {
      // Asked first: what is committed by then was read by the rounds that end before it.
      Position upTo = committed.get();
      more = reading.read();
      unstored = reading.step(cut, upTo);
    }
    try {
      if (unstored != null) {
        store(unstored, reading);
      }
      report();
      failing = false;
      return more;
    } catch (RuntimeException e) {
      if (!Passing.is(e)) {
        throw e;
      }
      failures.increment();
      if (!failing) {
        LOG.warn("the ledger cannot be stored now and is tried again: {}", e.getMessage());
      }
      failing = true;
      return false;
    }
  }

  /** Adds up a little of what is old, while there is nothing to count. */
  private void thin() {
    Instant now = clock.instant();
    if (now.isBefore(thinNext)) {
      return;
    }
    try {
      if (!thinning.step(now)) {
        thinning.restart();
        thinNext = now.plus(THIN_EVERY);
      }
    } catch (RuntimeException e) {
      if (!Passing.is(e)) {
        throw e;
      }
      thinNext = now.plus(THIN_AGAIN);
      LOG.warn("the ledger's old rows cannot be added up now: {}", e.getMessage());
    }
  }

  private void store(LedgerStep step, LedgerReading reading) {
    store.apply(step);
    reading.stored(step);
    unstored = null;
    cut = step.to();
    rawHold = cut.held();
    cleanHold = cut.clean();
    unreported.addAll(step.added().keySet());
    unreported.addAll(step.open().keySet());
  }

  private void report() {
    if (unreported.isEmpty()) {
      return;
    }
    for (LedgerCount.Key key : unreported) {
      Instant minute = Instant.ofEpochSecond(key.minute() * 60);
      for (LedgerRow row : queries.rows(key.project(), minute, minute.plusSeconds(60))) {
        if (row.source().equals(key.source())) {
          report(key, row);
        }
      }
    }
    unreported.clear();
  }

  private void report(LedgerCount.Key key, LedgerRow row) {
    if (row.balanced()) {
      unbalanced.remove(key);
    } else {
      unbalanced.add(key);
      LOG.error("the ledger does not balance: {}", row);
    }
  }
}
