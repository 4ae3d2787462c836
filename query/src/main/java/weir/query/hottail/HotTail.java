package weir.query.hottail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanFormatException;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.CleanSummary;
import weir.event.DroppedEvent;
import weir.event.DuplicateEvent;
import weir.event.Positions;
import weir.log.LogEntry;
import weir.log.MovingPositions;
import weir.log.PartitionedLog;
import weir.log.PartitionedReader;
import weir.log.PositionReleasedException;

/**
 * Follows the clean log on a thread of its own and keeps the rows that the lake lacks.
 *
 * <p>It begins at the log's earliest frame. What was released before that is in the lake, or was
 * never a row: so tail and lake together miss nothing, also where a release overtakes the tail.
 */
public final class HotTail implements TailSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HotTail.class);
  private static final int ENTRIES_PER_STEP = 1_000;
  private static final Duration WAIT = Duration.ofMillis(50);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int LAKE_LOOKS_UNASKED = 60;

  private final Optional<String> only;

  private final PartitionedLog log;
  private final LakeState lake;
  private final TailOptions options;
  private final LongSupplier ticker;
  private volatile Runnable dropped = () -> {};
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final Map<String, ProjectTail> projects = new HashMap<>();
  private final Map<String, LakeState.Committed> atStart = new HashMap<>();
  private final Counter failures;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  private final Thread thread;
  private @Nullable PartitionedReader reader;
  private final MovingPositions readTo = new MovingPositions(Positions.START);

  /** What was left out before the first reading is in every snapshot that is taken later. */
  private volatile Positions readFrom = Positions.START;

  /** What there was at the start. */
  private Positions thereAtStart = Positions.START;

  private boolean begun;
  private boolean othersCome;
  private boolean hasDropped;
  private volatile long bytes;
  private long lookedAt;
  private long revision;
  private int looks;

  private HotTail(
      Optional<String> only,
      PartitionedLog log,
      LakeState lake,
      TailOptions options,
      LongSupplier ticker,
      MeterRegistry meters) {
    this.only = only;
    this.log = log;
    this.lake = lake;
    this.options = options;
    this.ticker = ticker;
    this.failures =
        Counter.builder("weir_tail_failures")
            .description("Times that the clean log or the lake could not be read")
            .register(meters);
    Gauge.builder("weir_tail_bytes", () -> bytes)
        .description("Memory of the rows that the lake has not committed yet")
        .register(meters);
    this.lookedAt = ticker.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("hot-tail").unstarted(this::run);
  }

  /**
   * Starts to follow.
   *
   * @param log the clean log; also one that does not exist yet
   * @param ticker nanoseconds from some origin
   */
  public static HotTail start(
      PartitionedLog log,
      LakeState lake,
      TailOptions options,
      LongSupplier ticker,
      MeterRegistry meters) {
    return start(Optional.empty(), log, lake, options, ticker, meters);
  }

  /** Starts to follow the rows of one project alone; as {@link #start}. */
  public static HotTail startFor(
      String project,
      PartitionedLog log,
      LakeState lake,
      TailOptions options,
      LongSupplier ticker,
      MeterRegistry meters) {
    return start(Optional.of(project), log, lake, options, ticker, meters);
  }

  private static HotTail start(
      Optional<String> only,
      PartitionedLog log,
      LakeState lake,
      TailOptions options,
      LongSupplier ticker,
      MeterRegistry meters) {
    HotTail tail = new HotTail(only, log, lake, options, ticker, meters);
    tail.thread.start();
    return tail;
  }

  /** Is done once everything has been read that was there, or the memory for rows is used up. */
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  @Override
  public synchronized TailPin pin(String project) {
    ProjectTail tail = projects.get(project);
    Positions to = readTo.now(); // first: a reader that goes on elsewhere says so before it reads
    return tail == null ? TailPin.EMPTY : tail.pin(readFrom, to);
  }

  /**
   * Has something done each time that rows were dropped, a look at the lake later, on the tail's
   * thread: who has pinned them just before is not to load them again.
   */
  public void onDrop(Runnable action) {
    dropped = action;
  }

  /** Memory of all rows, approximately. */
  public long bytes() {
    return bytes;
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        try {
          if (!step()) {
            idle();
          }
        } catch (PositionReleasedException e) {
          LOG.info("the clean log was released faster than it was read; the lake has it", e);
          closeReader();
        } catch (IOException | RuntimeException e) {
          failures.increment();
          LOG.warn("the tail cannot follow; next try in {}", PAUSE, e);
          closeReader();
          var _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeReader();
    }
  }

  private void idle() throws IOException, InterruptedException {
    caughtUp.complete(null);
    PartitionedReader open = reader;
    if (open == null || bytes > options.maxBytes()) {
      var _ = closing.await(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      open.await(WAIT);
    }
  }

  /**
   * Looks at the lake when it is time, and reads some of the log.
   *
   * @return whether there was anything to read
   */
  private boolean step() throws IOException {
    long now = ticker.getAsLong();
    if (now - lookedAt >= options.lakeEvery().toNanos()) {
      lookedAt = now;
      look();
    }
    if (bytes > options.maxBytes()) {
      return false;
    }
    PartitionedReader open = reader;
    if (open == null) {
      boolean again = begun;
      begun = true;
      thereAtStart = again ? thereAtStart : log.durableEnd();
      Positions from = resumeAt();
      if (again && !from.equals(readTo.now())) {
        readFrom = from;
      }
      open = log.read(from);
      reader = open;
    }
    for (int i = 0; i < ENTRIES_PER_STEP; i++) {
      LogEntry entry = open.next();
      if (entry == null) {
        return i > 0;
      }
      if (entry instanceof LogEntry.Frame frame) {
        take(frame);
      }
      readTo.moveBehind(entry);
    }
    if (!caughtUp.isDone() && readTo.now().covers(thereAtStart)) {
      caughtUp.complete(null);
    }
    return true;
  }

  private Positions resumeAt() throws IOException {
    Positions next = readTo.now();
    if (only.isPresent() && next.equals(Positions.START)) {
      LakeState.Committed committed = lake.committed(only.get());
      next = committed.events().earlier(committed.badEvents());
    }
    return next.later(log.earliest());
  }

  private void take(LogEntry.Frame frame) throws IOException {
    CleanRecord row;
    try {
      if ((othersCome || !caughtUp.isDone()) && !isNeeded(frame)) {
        return;
      }
      row = codec.decode(frame.payload());
    } catch (CleanFormatException e) {
      LOG.warn("the frame at {} is of no known format", frame.position(), e);
      return;
    }
    switch (row) {
      case CleanEvent event -> add(frame, event);
      case BadEvent bad -> add(frame, bad);
      case DuplicateEvent ignored -> {}
      case DroppedEvent ignored -> {}
    }
  }

  /** Tells by a frame's front, as most of what is there at a start is in the lake. */
  private boolean isNeeded(LogEntry.Frame frame) throws IOException {
    CleanSummary front = codec.summary(frame.payload());
    String project = front.origin().project();
    if (only.isPresent() && !only.get().equals(project)) {
      return false;
    }
    LakeState.Committed committed = atStart.get(project);
    if (committed == null) {
      committed = lake.committed(project);
      atStart.put(project, committed);
    }
    return switch (front.decision()) {
      case EVENT, DERIVED -> isAfter(frame, committed.events());
      case BAD -> isAfter(frame, committed.badEvents());
      case DUPLICATE, DROPPED -> false;
    };
  }

  private static boolean isAfter(LogEntry.Frame frame, Positions committed) {
    return !frame.position().isBefore(committed.of(frame.partition()));
  }

  private void add(LogEntry.Frame frame, CleanRecord row) throws IOException {
    String project = row.origin().project();
    if (only.isPresent() && !only.get().equals(project)) {
      othersCome = true;
      return;
    }
    ProjectTail tail = projects.get(project);
    if (tail == null) {
      LakeState.Committed committed = lake.committed(project);
      tail = new ProjectTail(options, committed);
    }
    synchronized (this) {
      projects.putIfAbsent(project, tail);
      bytes = bytes + tail.add(frame, row);
    }
  }

  /** Drops what the lake has had for long enough by now. */
  private void look() throws IOException {
    long current = lake.revision();
    boolean ask = current != revision || ++looks % LAKE_LOOKS_UNASKED == 0;
    revision = current;
    boolean isTight = bytes > options.maxBytes() / 4 * 3;
    long freed = 0;
    for (Map.Entry<String, ProjectTail> each : projects.entrySet()) {
      ProjectTail tail = each.getValue();
      if (!tail.isEmpty()) {
        if (ask) {
          tail.committed(lake.committed(each.getKey()), lookedAt);
        }
        synchronized (this) {
          freed += tail.drop(lookedAt, isTight);
        }
      }
    }
    if (hasDropped) {
      dropped.run();
    }
    hasDropped = freed > 0;
    if (hasDropped) {
      synchronized (this) {
        bytes = bytes - freed;
      }
    }
  }

  private void closeReader() {
    PartitionedReader open = reader;
    reader = null;
    if (open != null) {
      open.close();
    }
  }

  /** Ends the thread; what is pinned stays readable. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
