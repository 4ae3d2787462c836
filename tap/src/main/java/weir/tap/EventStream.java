package weir.tap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.CleanEvent;
import weir.event.CleanFormatException;
import weir.event.CleanRecordCodec;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.Position;
import weir.log.PositionReleasedException;

/**
 * The newest clean events, to any number of subscribers.
 *
 * <p>One thread follows the log's end and reads each event once; those that ask for the same get
 * the same bytes. A subscriber that is not ready, or begins earlier, falls behind: another thread
 * reads the log for it from its own position, until it has come to where the first thread is. So
 * nobody holds up anybody, nothing is kept in memory for slow ones, and none misses an event or
 * gets one twice. While nobody subscribes, nothing is read.
 */
public final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** Events that come within it go out together. */
  private static final Duration LINGER = Duration.ofMillis(20);

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration ALIVE = Duration.ofSeconds(15);
  private static final int MOST_ENTRIES = 2_048;
  private static final int BEHIND_EVENTS = 1_000;

  private final CleanEvents events;
  private final LongSupplier ticker;
  private final Set<Subscription> all = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Thread> threads;
  private volatile boolean closed;

  /** Up to where those that are not behind have got everything; guarded by the lock. */
  private @Nullable Position head;

  /** Someone who reads along; closed when they leave. */
  public final class Subscription implements AutoCloseable {
    private final EventFilter filter;
    private final Framing framing;
    private final Subscriber to;
    private Position next;
    private volatile boolean behind = true;
    private long spokenAt;

    private Subscription(EventFilter filter, Framing framing, Position from, Subscriber to) {
      this.filter = filter;
      this.framing = framing;
      this.to = to;
      this.next = from;
      this.spokenAt = ticker.getAsLong();
    }

    private void accept(Chunk chunk) {
      next = chunk.next();
      if (chunk.events() > 0) {
        spokenAt = ticker.getAsLong();
        to.accept(chunk);
      }
    }

    private void keepAlive() {
      long now = ticker.getAsLong();
      if (now - spokenAt >= ALIVE.toNanos()) {
        spokenAt = now;
        to.alive();
      }
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  private record Group(EventFilter filter, Framing framing) {}

  private EventStream(CleanEvents events, LongSupplier ticker, MeterRegistry metrics) {
    this.events = events;
    this.ticker = ticker;
    Gauge.builder("weir_stream_subscribers", all, Set::size)
        .description("Readers of the stream of events")
        .register(metrics);
    this.threads =
        List.of(thread("weir-stream", this::follow), thread("weir-behind", this::catchUp));
  }

  /**
   * Begins.
   *
   * @param ticker nanoseconds, for durations
   */
  public static EventStream start(CleanEvents events, LongSupplier ticker, MeterRegistry metrics) {
    EventStream stream = new EventStream(events, ticker, metrics);
    stream.threads.forEach(Thread::start);
    return stream;
  }

  private static Thread thread(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon().unstarted(work);
  }

  /**
   * Reads along from a position on.
   *
   * @param from a position that the log has named
   */
  public Subscription subscribe(EventFilter filter, Framing framing, Position from, Subscriber to) {
    Subscription subscription = new Subscription(filter, framing, from, to);
    all.add(subscription);
    signal();
    return subscription;
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The first thread: reads the end of the log once for all that are not behind. */
  private void follow() {
    CleanRecordCodec codec = new CleanRecordCodec();
    while (!closed) {
      try {
        if (!awaitSubscribers()) {
          continue;
        }
        Position from = events.end();
        setHead(from);
        try (LogReader reader = events.log().read(from)) {
          while (!closed && !all.isEmpty()) {
            reader.await(LOOK);
            pause();
            deliver(reader, codec);
          }
        }
      } catch (PositionReleasedException e) {
        LOG.debug("the log was released up to where the stream stood");
      } catch (IOException | RuntimeException e) {
        LOG.error("the stream of events cannot read the log and begins anew", e);
        pauseAfterFailure();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        leaveBehind();
      }
    }
  }

  private boolean awaitSubscribers() throws InterruptedException {
    lock.lock();
    try {
      if (all.isEmpty() && !closed) {
        changed.await();
      }
      return !all.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void setHead(@Nullable Position position) {
    lock.lock();
    try {
      head = position;
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(LINGER.toNanos());
  }

  private void pauseAfterFailure() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until somebody follows again, each goes on from where it stands. */
  private void leaveBehind() {
    lock.lock();
    try {
      head = null;
      all.forEach(each -> each.behind = true);
    } finally {
      lock.unlock();
    }
  }

  private void deliver(LogReader reader, CleanRecordCodec codec) throws IOException {
    Map<Group, Frames> groups = groups();
    List<LogEntry> entries = new ArrayList<>();
    for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(entry);
      if (entries.size() >= MOST_ENTRIES) {
        break;
      }
    }
    if (!groups.isEmpty()) {
      entries.forEach(entry -> add(entry, groups, codec));
    }
    Position next = reader.position();
    Map<Group, Chunk> chunks = new HashMap<>();
    groups.forEach((group, frames) -> chunks.put(group, frames.chunk(next, true)));
    lock.lock();
    try {
      for (Subscription each : all) {
        Chunk chunk = each.behind ? null : chunks.get(new Group(each.filter, each.framing));
        if (chunk == null || !each.to.ready()) {
          each.behind = true; // where it stands, the other thread goes on
        } else {
          each.accept(chunk);
          each.keepAlive();
        }
      }
      head = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Map<Group, Frames> groups() {
    Map<Group, Frames> groups = new HashMap<>();
    lock.lock();
    try {
      for (Subscription each : all) {
        if (!each.behind) {
          groups.computeIfAbsent(
              new Group(each.filter, each.framing),
              group -> events.frames(group.filter(), group.framing()));
        }
      }
    } finally {
      lock.unlock();
    }
    return groups;
  }

  private static void add(LogEntry entry, Map<Group, Frames> groups, CleanRecordCodec codec) {
    if (!(entry instanceof LogEntry.Frame frame)) {
      return;
    }
    try {
      String project = codec.summary(frame.payload()).origin().project();
      CleanEvent event = null;
      for (Map.Entry<Group, Frames> group : groups.entrySet()) {
        if (group.getKey().filter().project().equals(project)) {
          if (event == null) {
            if (!(codec.decode(frame.payload()) instanceof CleanEvent decoded)) {
              return;
            }
            event = decoded;
          }
          group.getValue().add(event, entry.next());
        }
      }
    } catch (CleanFormatException e) {
      LOG.debug("a frame of a newer Weir is passed over", e);
    }
  }

  /** The second thread: reads for those that are behind, one chunk each in turn. */
  private void catchUp() {
    while (!closed) {
      boolean moved = false;
      for (Subscription each : all) {
        if (each.behind && !closed) {
          moved |= step(each);
        }
      }
      if (!moved) {
        await();
      }
    }
  }

  private void await() {
    lock.lock();
    try {
      if (all.isEmpty() && !closed) {
        changed.await();
      } else {
        changed.await(LINGER.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean step(Subscription one) {
    if (!one.to.ready()) {
      return false;
    }
    try {
      Position from = one.next;
      Position followed = head();
      if (followed != null && !from.isBefore(followed)) {
        return joins(one); // if it has read further, the other thread comes there soon
      }
      Chunk chunk = events.read(from, followed, one.filter, one.framing, BEHIND_EVENTS);
      one.accept(chunk);
      one.keepAlive();
      joins(one);
      return !chunk.next().equals(from);
    } catch (PositionReleasedException e) {
      end(one, true);
    } catch (IOException | RuntimeException e) {
      LOG.error("a reader of the stream of events cannot go on", e);
      end(one, false);
    }
    return false;
  }

  private @Nullable Position head() {
    lock.lock();
    try {
      return head;
    } finally {
      lock.unlock();
    }
  }

  private void end(Subscription one, boolean released) {
    all.remove(one);
    one.to.ended(released);
  }

  /** Whether it has come to where the first thread is, which goes on with it then. */
  private boolean joins(Subscription one) {
    lock.lock();
    try {
      if (one.next.equals(head)) {
        one.behind = false;
        return true;
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all; nobody is told. */
  @Override
  public void close() {
    closed = true;
    all.clear();
    signal();
    for (Thread thread : threads) {
      thread.interrupt();
      try {
        thread.join(LOOK.toMillis() * 5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
