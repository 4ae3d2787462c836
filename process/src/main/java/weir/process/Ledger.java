package weir.process;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.RawFormatException;
import weir.decode.RawRequestCodec;
import weir.decode.RawSummary;
import weir.event.CleanRecordCodec;
import weir.event.CleanSummary;
import weir.event.RawPosition;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.Position;

/**
 * Counts what was accepted from the raw log, and what became of it from the clean log, per project,
 * source and minute.
 *
 * <p>Each round reads the clean log to its durable end and then the raw log to its own, so that no
 * decision is seen before its request. Decisions count as loaded once the tables have committed
 * everything before the end of the round that read them; until then they are in flight. So are raw
 * events behind the last decision that was read. Counts and positions move in one transaction: each
 * frame counts once, whatever happens in between. In flight is counted, never derived, so a loss
 * shows as an imbalance.
 *
 * <p>Has a thread of its own. Holds both logs back to what it has not counted.
 */
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final EventLog raw;
  private final EventLog clean;
  private final Supplier<Position> committed;
  private final LedgerStore store;
  private final Duration every;
  private final Thread thread;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CleanRecordCodec cleanCodec = new CleanRecordCodec();
  private final RawRequestCodec rawCodec = new RawRequestCodec();

  /** Decisions that were read and are not known to be committed. */
  private final Deque<Round> pending = new ArrayDeque<>();

  /** Requests that were read and are not known to be decided, oldest first. */
  private final Deque<Undecided> undecided = new ArrayDeque<>();

  private LedgerStore.Cut cut;
  private @Nullable RawPosition lastDecided;
  private volatile Position rawHold;
  private volatile Position cleanHold;
  private volatile long imbalance;

  private record Round(
      Position end, @Nullable RawPosition decided, Map<LedgerCount.Key, LedgerCount> counts) {}

  private record Undecided(long position, LedgerCount.Key key, int events) {}

  private Ledger(
      LedgerDatabase database,
      EventLog raw,
      EventLog clean,
      Supplier<Position> committed,
      Duration every,
      MeterRegistry metrics) {
    this.raw = raw;
    this.clean = clean;
    this.committed = committed;
    this.every = every;
    this.store = new LedgerStore(database.jdbi());
    this.cut = store.cut();
    this.lastDecided = cut.decided();
    this.rawHold = rawStart();
    this.cleanHold = cut.clean();
    Gauge.builder("weir_ledger_imbalance", () -> imbalance)
        .description("Events of the last hour that the ledger cannot account for; 0 is right")
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
    Ledger ledger = new Ledger(database, raw, clean, committed, every, metrics);
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
  private Position rawStart() {
    RawPosition decided = cut.decided();
    if (decided == null) {
      return Position.START;
    }
    return new Position(Math.min(cut.raw().value(), decided.position()));
  }

  private void run() {
    try (LogReader cleanReader = clean.read(startOf(clean, cut.clean()));
        LogReader rawReader = raw.read(startOf(raw, rawStart()))) {
      boolean last = false;
      while (!last) {
        last = stop.await(every.toMillis(), TimeUnit.MILLISECONDS);
        round(cleanReader, rawReader);
      }
      ended.complete(null);
    } catch (IOException | RuntimeException e) {
      LOG.error("the ledger cannot go on", e);
      ended.completeExceptionally(e);
    } catch (InterruptedException e) {
      ended.complete(null);
      Thread.currentThread().interrupt();
    }
  }

  /** A log that was released further than it was counted has lost a holder; count what is there. */
  private static Position startOf(EventLog log, Position wanted) throws IOException {
    Position earliest = log.earliest();
    return wanted.isBefore(earliest) ? earliest : wanted;
  }

  private void round(LogReader cleanReader, LogReader rawReader) throws IOException {
    // Asked first: what is committed by then was read by the rounds that end before it.
    Position upTo = committed.get();
    readDecisions(cleanReader);
    Map<LedgerCount.Key, LedgerCount> added = new HashMap<>();
    Position rawEnd = readRequests(rawReader, added);
    Position cleanEnd = cut.clean();
    RawPosition decided = cut.decided();
    while (!pending.isEmpty() && !upTo.isBefore(pending.peek().end())) {
      Round round = pending.remove();
      round.counts().forEach((key, count) -> of(added, key).add(count));
      cleanEnd = round.end();
      decided = round.decided();
    }
    if (added.isEmpty() && cleanEnd.equals(cut.clean()) && rawEnd.equals(cut.raw())) {
      return;
    }
    cut = new LedgerStore.Cut(rawEnd, cleanEnd, decided);
    store.add(cut, added, inFlight());
    rawHold = rawStart();
    cleanHold = cleanEnd;
    report(added);
  }

  private void readDecisions(LogReader reader) throws IOException {
    Map<LedgerCount.Key, LedgerCount> counts = new HashMap<>();
    Position from = reader.position();
    for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
      switch (entry) {
        case LogEntry.Frame frame -> {
          CleanSummary record = cleanCodec.summary(frame.payload());
          LedgerCount.Key key =
              LedgerCount.Key.of(
                  record.origin().project(),
                  record.origin().source(),
                  record.origin().receivedAt());
          of(counts, key).decide(record);
          lastDecided = record.origin().rawPosition();
        }
        case LogEntry.Damaged damaged ->
            LOG.error(
                "the clean log is damaged from {} to {}; the ledger will not balance",
                damaged.position(),
                damaged.next());
      }
    }
    if (from.isBefore(reader.position())) {
      pending.add(new Round(reader.position(), lastDecided, counts));
    }
  }

  private Position readRequests(LogReader reader, Map<LedgerCount.Key, LedgerCount> added)
      throws IOException {
    for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
      RawSummary request = summary(entry);
      if (request == null) {
        continue;
      }
      LedgerCount.Key key =
          LedgerCount.Key.of(request.project(), request.source(), request.receivedAt());
      if (!entry.position().isBefore(cut.raw())) {
        of(added, key).accepted += request.events();
      }
      undecided.add(new Undecided(entry.position().value(), key, request.events()));
    }
    return reader.position().isBefore(cut.raw()) ? cut.raw() : reader.position();
  }

  /**
   * What cannot be read was accepted by nobody who could be named; its decision counts as derived.
   */
  private @Nullable RawSummary summary(LogEntry entry) {
    if (!(entry instanceof LogEntry.Frame frame)) {
      return null;
    }
    try {
      return rawCodec.summary(frame.payload());
    } catch (RawFormatException e) {
      return null;
    }
  }

  private Map<LedgerCount.Key, Long> inFlight() {
    Map<LedgerCount.Key, Long> all = new HashMap<>();
    for (Round round : pending) {
      round
          .counts()
          .forEach((key, count) -> {
            long left = count.dropped.values().stream().mapToLong(Long::longValue).sum();
            long decided = count.loaded + count.quarantined + count.duplicate + left;
            all.merge(key, decided - count.derived, Long::sum);
          });
    }
    undecided.removeIf(request -> left(request) == 0);
    undecided.forEach(request -> all.merge(request.key(), left(request), Long::sum));
    all.values().removeIf(n -> n == 0);
    return all;
  }

  /** How many events of a request are not decided yet. */
  private long left(Undecided request) {
    RawPosition decided = lastDecided;
    if (decided == null || request.position() > decided.position()) {
      return request.events();
    }
    return request.position() < decided.position()
        ? 0
        : Math.max(0, request.events() - (decided.index() + 1));
  }

  private void report(Map<LedgerCount.Key, LedgerCount> added) {
    long off = 0;
    for (LedgerCount.Key key : added.keySet()) {
      Instant minute = Instant.ofEpochSecond(key.minute() * 60);
      for (LedgerRow row : store.rows(key.project(), minute, minute.plusSeconds(60))) {
        if (row.source().equals(key.source()) && !row.balanced()) {
          off++;
          LOG.error("the ledger does not balance: {}", row);
        }
      }
    }
    imbalance = off;
  }

  private static LedgerCount of(Map<LedgerCount.Key, LedgerCount> counts, LedgerCount.Key key) {
    return counts.computeIfAbsent(key, k -> new LedgerCount());
  }
}
