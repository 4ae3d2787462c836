package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.RawPosition;
import weir.log.EventLog;
import weir.log.Position;

/**
 * Counts what was accepted from the raw log, and what became of it from the clean log, per project,
 * source and minute.
 *
 * <p>Each round reads a stretch of the clean log and then one of the raw log, so that no decision
 * is seen before its request. Decisions count as loaded once the tables have committed everything
 * before the end of the round that read them; until then they are in flight. So are raw events
 * behind the last decision that was read. Counts and positions move in one transaction: each frame
 * counts once, whatever happens in between. In flight is counted, never derived, so a loss shows as
 * an imbalance.
 *
 * <p>A round that cannot be stored, since the database is locked or the disk full, is tried again.
 * Has a thread of its own. Holds both logs back to what it has not counted.
 */
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final EventLog raw;
  private final EventLog clean;
  private final Supplier<Position> committed;
  private final LedgerStore store;
  private final Duration every;
  private final LedgerReading.Stretch stretch;
  private final Counter failures;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Rows that are to be looked at once the database can be read. */
  private final Set<LedgerCount.Key> unreported = new HashSet<>();

  private LedgerStore.Cut cut;
  private @Nullable LedgerStep unstored;
  private volatile Position rawHold;
  private volatile Position cleanHold;

  private final Set<LedgerCount.Key> unbalanced = ConcurrentHashMap.newKeySet();

  private Ledger(
      LedgerStore store,
      EventLog raw,
      EventLog clean,
      Supplier<Position> committed,
      Duration every,
      LedgerReading.Stretch stretch,
      MeterRegistry metrics) {
    this.raw = raw;
    this.clean = clean;
    this.committed = committed;
    this.every = every;
    this.stretch = stretch;
    this.store = store;
    this.cut = store.cut();
    this.rawHold = rawHold(cut);
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
      MeterRegistry metrics) {
    LedgerStore store = new LedgerStore(database.jdbi());
    LedgerReading.Stretch stretch = LedgerReading.Stretch.defaults();
    return start(store, raw, clean, committed, every, stretch, metrics);
  }

  static Ledger start(
      LedgerStore store,
      EventLog raw,
      EventLog clean,
      Supplier<Position> committed,
      Duration every,
      LedgerReading.Stretch stretch,
      MeterRegistry metrics) {
    Ledger ledger = new Ledger(store, raw, clean, committed, every, stretch, metrics);
    ledger.thread.start();
    return ledger;
  }

  /** What lies before this position of the raw log is counted and decided. */
  public Position rawHoldsFrom() {
    return rawHold;
  }

  /** What lies before this position of the clean log is counted. */
  public Position cleanHoldsFrom() {
    return cleanHold;
  }

  /** The rows of a project whose minutes begin in [from, to), in order. */
  public List<LedgerRow> rows(String project, Instant from, Instant to) {
    return store.rows(project, from, to);
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

  /** The request of the last decision that is counted, or, before the first, everything. */
  private static Position rawHold(LedgerStore.Cut cut) {
    RawPosition decided = cut.decided();
    if (decided == null) {
      return Position.START;
    }
    return new Position(Math.min(cut.raw().value(), decided.position()));
  }

  private void run() {
    try (LedgerReading reading = new LedgerReading(raw, clean, stretch, cut, store.open())) {
      boolean last = false;
      boolean more = false;
      while (!last) {
        last = stop.await(more ? 0 : every.toMillis(), TimeUnit.MILLISECONDS);
        more = round(reading);
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
      return more;
    } catch (RuntimeException e) {
      if (!LedgerStore.mayPass(e)) {
        throw e;
      }
      failures.increment();
      LOG.warn("the ledger cannot be stored now and is tried again: {}", e.getMessage());
      return false;
    }
  }

  private void store(LedgerStep step, LedgerReading reading) {
    store.apply(step);
    reading.stored(step);
    unstored = null;
    cut = step.to();
    rawHold = rawHold(cut);
    cleanHold = cut.clean();
    unreported.addAll(step.added().keySet());
  }

  private void report() {
    if (unreported.isEmpty()) {
      return;
    }
    for (LedgerCount.Key key : unreported) {
      Instant minute = Instant.ofEpochSecond(key.minute() * 60);
      for (LedgerRow row : store.rows(key.project(), minute, minute.plusSeconds(60))) {
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
