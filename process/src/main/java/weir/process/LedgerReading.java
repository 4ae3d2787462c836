package weir.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.RawFormatException;
import weir.decode.RawRequestCodec;
import weir.decode.RawSummary;
import weir.event.CleanRecordCodec;
import weir.event.CleanSummary;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;

/**
 * Reads both logs, stretch by stretch, and counts what is open: accepted and not decided, decided
 * and not loaded.
 *
 * <p>Memory grows with the rows that have open events, not with the events. Of requests that are
 * not decided only sums are kept. When decisions pass all that was read of the raw log, the sums
 * have become what they passed; when they come to somewhere within it, the raw log is read again
 * from the decision before to there. Used by one thread.
 */
final class LedgerReading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerReading.class);
  private static final int MOST_ROUNDS = 512;

  private final EventLog raw;
  private final Stretch stretch;
  private final LogReader cleanReader;
  private final EventLog clean;
  private final LogReader rawReader;
  private final CleanRecordCodec cleanCodec = new CleanRecordCodec();
  private final RawRequestCodec rawCodec = new RawRequestCodec();

  /** Decided as events, and not known to be in the tables. */
  private final Deque<LedgerRound> rounds = new ArrayDeque<>();

  /** What was read since the last step was stored. */
  private final Map<LedgerCount.Key, LedgerCount> pending = new HashMap<>();

  /** Accepted before {@link #rawRead} and after {@link #decided}. */
  private final LedgerSums undecided = new LedgerSums();

  /** What all rounds hold together. */
  private final LedgerSums uncommitted = new LedgerSums();

  private final Set<LedgerCount.Key> changed = new HashSet<>();
  private Position cleanRead;
  private Position rawRead;
  private @Nullable RawPosition decided;
  private @Nullable Decision next;

  /** How many bytes of each log one {@link #read} reads, about. */
  record Stretch(long raw, long clean) {
    static Stretch defaults() {
      return new Stretch(64L << 20, 32L << 20);
    }
  }

  private record Decision(CleanSummary record, Position end) {
    RawPosition position() {
      return record.origin().rawPosition();
    }
  }

  /**
   * @param cut what is counted
   * @param open what was open then
   */
  LedgerReading(
      EventLog raw,
      EventLog clean,
      Stretch stretch,
      LedgerStore.Cut cut,
      Map<LedgerCount.Key, LedgerStep.Open> open)
      throws IOException {
    this.raw = raw;
    this.clean = clean;
    this.stretch = stretch;
    this.decided = cut.decided();
    LedgerRound decidedBefore = new LedgerRound(cut.clean(), cut.decided());
    open.forEach((key, n) -> {
      undecided.add(key, n.inFlight() - n.uncommitted());
      decidedBefore.events.add(key, n.uncommitted());
    });
    uncommitted.addAll(decidedBefore.events);
    if (decidedBefore.size() > 0) {
      rounds.add(decidedBefore);
    }
    this.cleanReader = clean.read(startOf(clean, cut.clean()));
    this.rawReader = openRaw(cut.raw());
    this.cleanRead = cleanReader.position();
    this.rawRead = rawReader.position();
  }

  private LogReader openRaw(Position from) throws IOException {
    try {
      return raw.read(startOf(raw, from));
    } catch (IOException | RuntimeException e) {
      cleanReader.close();
      throw e;
    }
  }

  /** A log that was released further than it was counted has lost a holder; count what is there. */
  private static Position startOf(EventLog log, Position wanted) throws IOException {
    Position earliest = log.earliest();
    return wanted.isBefore(earliest) ? earliest : wanted;
  }

  /**
   * Reads a stretch of the clean log and then one of the raw log, so that no decision is seen
   * before its request.
   *
   * @return whether there is more
   */
  boolean read() throws IOException {
    boolean more = readDecisions();
    return readRequests() || more;
  }

  private boolean readDecisions() throws IOException {
    Position from = cleanRead;
    RawPosition before = decided;
    LedgerRound round = new LedgerRound(cleanRead, decided);
    boolean more = false;
    for (Decision one = peek(); one != null && !more; one = peek()) {
      if (tooFar(one, before, from)) {
        more = true;
      } else {
        next = null;
        cleanRead = one.end();
        if (one.record().decision() != CleanSummary.Decision.DERIVED) {
          decided = one.position();
        }
        count(one.record(), round);
        more = clean.bytesBetween(from, cleanRead) >= stretch.clean();
      }
    }
    if (from.isBefore(cleanRead)) {
      round.moveTo(cleanRead, decided);
      pass(before);
      if (round.size() > 0) {
        uncommitted.addAll(round.events);
        rounds.add(round);
        mergeIfMany();
      }
    }
    return more;
  }

  private @Nullable Decision peek() throws IOException {
    while (next == null) {
      switch (cleanReader.next()) {
        case LogEntry.Frame frame ->
            next = new Decision(cleanCodec.summary(frame.payload()), frame.next());
        case LogEntry.Damaged damaged -> {
          LOG.error(
              "the clean log is damaged from {} to {}; the ledger will not balance",
              damaged.position(),
              damaged.next());
          cleanRead = damaged.next();
        }
        case null -> {
          cleanRead = cleanReader.position();
          return null;
        }
      }
    }
    return next;
  }

  /** Whether the raw log has to be read first, or would have to be read again for too long. */
  private boolean tooFar(Decision one, @Nullable RawPosition before, Position begin) {
    Position position = one.position().position();
    if (raw.bytesBetween(rawRead, position) >= stretch.raw()) {
      return rawRead.isBefore(raw.durableEnd());
    }
    Position from = before == null ? Position.START : before.position();
    return begin.isBefore(cleanRead) && raw.bytesBetween(from, position) >= stretch.raw();
  }

  private void count(CleanSummary record, LedgerRound round) {
    LedgerCount.Key key =
        LedgerCount.Key.of(
            record.origin().project(), record.origin().source(), record.origin().receivedAt());
    of(key).decide(record);
    if (record.isEvent()) {
      round.events.add(key, 1);
    }
    changed.add(key);
  }

  private LedgerCount of(LedgerCount.Key key) {
    return pending.computeIfAbsent(key, k -> new LedgerCount());
  }

  /** Takes what the decisions since have passed out of the undecided. */
  private void pass(@Nullable RawPosition before) throws IOException {
    RawPosition now = decided;
    if (now == null || now.equals(before)) {
      return;
    }
    LedgerSums passed = new LedgerSums();
    if (!now.position().isBefore(rawRead)) {
      passed.addAll(undecided);
    } else {
      count(before, now, passed);
    }
    passed.forEach((key, n) -> changed.add(key));
    undecided.subtractAll(passed);
  }

  /** Counts the events of the raw log after one decision and up to another. */
  private void count(@Nullable RawPosition before, RawPosition now, LedgerSums passed)
      throws IOException {
    Position from = before == null ? Position.START : before.position();
    try (LogReader again = raw.read(startOf(raw, from))) {
      for (LogEntry entry = again.next();
          entry != null && !now.position().isBefore(entry.position());
          entry = again.next()) {
        RawSummary request = summary(entry);
        if (request != null) {
          Position position = entry.position();
          passed.add(key(request), left(position, request, before) - left(position, request, now));
        }
      }
    }
  }

  private boolean readRequests() throws IOException {
    long end = rawRead.value() + stretch.raw();
    while (rawRead.value() < end) {
      LogEntry entry = rawReader.next();
      if (entry == null) {
        rawRead = rawReader.position();
        return false;
      }
      rawRead = entry.next();
      RawSummary request = summary(entry);
      if (request != null) {
        accept(key(request), request.events(), left(entry.position(), request, decided));
      }
    }
    return true;
  }

  private void accept(LedgerCount.Key key, int events, long left) {
    of(key).accepted += events;
    changed.add(key);
    undecided.add(key, left);
  }

  private static LedgerCount.Key key(RawSummary request) {
    return LedgerCount.Key.of(request.project(), request.source(), request.receivedAt());
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

  /** How many events of a request come after a decision. */
  private static long left(Position position, RawSummary request, @Nullable RawPosition decided) {
    int order = decided == null ? 1 : position.compareTo(decided.position());
    if (decided == null || order > 0) {
      return request.events();
    }
    return order < 0 ? 0 : Math.max(0, request.events() - (decided.index() + 1L));
  }

  /** Where the tables lag far behind, fewer and longer rounds wait for them. */
  private void mergeIfMany() {
    if (rounds.size() <= MOST_ROUNDS) {
      return;
    }
    Deque<LedgerRound> merged = new ArrayDeque<>();
    while (!rounds.isEmpty()) {
      LedgerRound round = rounds.remove();
      if (!rounds.isEmpty()) {
        round.extend(rounds.remove());
      }
      merged.add(round);
    }
    rounds.addAll(merged);
  }

  /**
   * What can be counted now; null if that is nothing. Changes nothing, until it is {@link #stored}.
   *
   * @param upTo the tables have committed everything before it
   */
  @Nullable LedgerStep step(LedgerStore.Cut from, Position upTo) {
    LedgerSums loaded = new LedgerSums();
    Position loadedTo = from.loaded();
    Position held = from.held();
    int count = 0;
    for (LedgerRound round : rounds) {
      if (upTo.isBefore(round.end())) {
        break;
      }
      loaded.addAll(round.events);
      loadedTo = round.end();
      held = request(round.decided());
      count++;
    }
    if (count == rounds.size()) {
      held = request(decided);
    }
    LedgerStore.Cut to = new LedgerStore.Cut(rawRead, cleanRead, decided, loadedTo, held);
    if (to.equals(from)) {
      return null;
    }
    Map<LedgerCount.Key, LedgerCount> added = new HashMap<>();
    pending.forEach((key, n) -> added.computeIfAbsent(key, k -> new LedgerCount()).add(n));
    loaded.forEach((key, n) -> added.computeIfAbsent(key, k -> new LedgerCount()).loaded += n);
    Set<LedgerCount.Key> keys = new HashSet<>(changed);
    loaded.forEach((key, n) -> keys.add(key));
    Map<LedgerCount.Key, LedgerStep.Open> open = new HashMap<>();
    for (LedgerCount.Key key : keys) {
      long waiting = uncommitted.get(key) - loaded.get(key);
      open.put(key, new LedgerStep.Open(undecided.get(key) + waiting, waiting));
    }
    return new LedgerStep(from, to, added, open, count);
  }

  /** Where the request of a decision lies, as far as the raw log was read. */
  private Position request(@Nullable RawPosition decision) {
    Position position = decision == null ? Position.START : decision.position();
    return position.isBefore(rawRead) ? position : rawRead;
  }

  /** Says that a step is stored; nothing was read since it was made. */
  void stored(LedgerStep step) {
    for (int i = 0; i < step.rounds(); i++) {
      uncommitted.subtractAll(rounds.remove().events);
    }
    pending.clear();
    changed.clear();
  }

  /** How many numbers it keeps. */
  int size() {
    int ofRounds = rounds.stream().mapToInt(LedgerRound::size).sum();
    return ofRounds + pending.size() + undecided.size() + uncommitted.size() + changed.size();
  }

  @Override
  public void close() {
    try {
      rawReader.close();
    } finally {
      cleanReader.close();
    }
  }
}
