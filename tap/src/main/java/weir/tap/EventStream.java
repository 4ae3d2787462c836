package weir.tap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
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
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.PositionReleasedException;

/**
 * The newest clean events, to any number of subscribers.
 *
 * <p>One thread follows the log's end and reads each event once; those that ask for the same get
 * the same bytes. A subscriber that is not ready, or begins earlier, falls behind: another thread
 * goes on with it from its own position, until it has come to where the first thread is. It gives
 * it what others got a moment ago, and reads the log for what is older, once for all that are at
 * the same place. So nobody holds up anybody, what is kept in memory is bounded however many are
 * slow, and none misses an event or gets one twice. While nobody subscribes, nothing is read.
 */
public final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** Events that come within it go out together. */
  private static final Duration LINGER = Duration.ofMillis(20);

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration ALIVE = Duration.ofSeconds(15);
  private static final int MOST_ENTRIES = 2_048;
  private static final int BEHIND_EVENTS = 1_000;

  /** Of what was sent last: some seconds of a busy stream. */
  private static final long RECENT_BYTES = 16 << 20;

  /** Of what was read for those that are further behind. */
  private static final long READ_BYTES = 4 << 20;

  private final CleanEvents events;
  private final LongSupplier ticker;
  private final Set<Subscription> all = ConcurrentHashMap.newKeySet();
  private final RecentChunks recent = new RecentChunks(RECENT_BYTES);
  private final RecentChunks read = new RecentChunks(READ_BYTES);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Thread> threads;
  private volatile boolean closed;

  /** Up to where those that are not behind have got everything; guarded by the lock. */
  private @Nullable Position head;

  /** Someone who reads along; closed when they leave. */
  public final class Subscription implements AutoCloseable {
    private final Group group;
    private final Subscriber to;
    private volatile Position next;
    private volatile boolean behind = true;
    private long spokenAt;

    private Subscription(Group group, Position from, Subscriber to) {
      this.group = group;
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
    Group group = new Group(filter, framing);
    Group same = all.stream().map(each -> each.group).filter(group::equals).findAny().orElse(group);
    Subscription subscription = new Subscription(same, from, to);
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
    if (all.isEmpty()) {
      recent.clear();
      read.clear();
    }
    lock.lock();
    try {
      head = null;
      all.forEach(each -> each.behind = true);
    } finally {
      lock.unlock();
    }
  }

  private void deliver(LogReader reader, CleanRecordCodec codec) throws IOException {
    GroupedFrames frames = new GroupedFrames(groups(), events, codec);
    Position from = reader.position();
    int entries = 0;
    for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
      frames.add(entry);
      if (++entries >= MOST_ENTRIES) {
        break;
      }
    }
    Position next = reader.position();
    Map<Group, Chunk> chunks = frames.chunks(next);
    chunks.forEach((group, chunk) -> recent.keep(group, from, chunk));
    lock.lock();
    try {
      for (Subscription each : all) {
        Chunk chunk = each.behind ? null : chunks.get(each.group);
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

  /** Those of whom somebody is not behind, or no further than what is kept for it. */
  private Set<Group> groups() {
    Set<Group> groups = new HashSet<>();
    lock.lock();
    try {
      for (Subscription each : all) {
        if (!each.behind
            || (!groups.contains(each.group) && recent.from(each.group, each.next) != null)) {
          groups.add(each.group);
        }
      }
    } finally {
      lock.unlock();
    }
    return groups;
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
      Chunk chunk = chunk(one.group, from, followed);
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

  /** What begins there, as others got it, or read of the log up to where others have begun. */
  private Chunk chunk(Group group, Position from, @Nullable Position followed) throws IOException {
    Chunk known = recent.from(group, from);
    known = known == null ? read.from(group, from) : known;
    if (known != null) {
      return known;
    }
    Position upTo = earlier(followed, recent.firstAfter(group, from));
    upTo = earlier(upTo, read.firstAfter(group, from));
    Chunk chunk = events.read(from, upTo, group.filter(), group.framing(), BEHIND_EVENTS);
    read.keep(group, from, chunk);
    return chunk;
  }

  private static @Nullable Position earlier(@Nullable Position one, @Nullable Position other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
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
