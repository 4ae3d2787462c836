package weir.process;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.event.RawPosition;

/**
 * Takes decoded entries in raw order, decides, and makes batches for the appender; from time to
 * time writes what a restart needs.
 */
final class Deciding implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Deciding.class);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

  private final ProcessOptions options;
  private final RawFeed feed;
  private final CleanAppender appender;
  private final ProcessState state;
  private final ProcessPosition stamps;
  private final PropertyMapper properties;
  private final Decisions decisions;
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final LongSupplier ticker;
  private final Ending ending;
  private final Asides asides = new Asides();

  private List<byte[]> frames = new ArrayList<>();
  private long bytes;
  private long batchSince;
  private Position rawNext;
  private Position handedOver;
  private long checkpointSince;
  private volatile Position stampedUpTo;
  private volatile String trouble = "";

  Deciding(
      ProcessOptions options,
      RawFeed feed,
      CleanAppender appender,
      ProcessState state,
      ProcessPosition stamps,
      InstantSource clock,
      LongSupplier ticker,
      Ending ending,
      MeterRegistry metrics) {
    this.options = options;
    this.feed = feed;
    this.appender = appender;
    this.state = state;
    this.stamps = stamps;
    this.properties = new PropertyMapper(state.schema(), options.schema(), metrics);
    CleanAppender.Progress start = appender.progress();
    this.decisions =
        new Decisions(
            feed.partition(), state.duplicates(), properties, clock, metrics, start.last());
    this.rawNext = start.rawNext();
    this.handedOver = rawNext;
    this.ticker = ticker;
    this.checkpointSince = ticker.getAsLong();
    this.ending = ending;
    this.stampedUpTo = stamps.read().map(ProcessPosition.Stamp::clean).orElse(Position.START);
  }

  /** The clean-log position that a restart reads from. */
  Position holdsFrom() {
    Position duplicates = state.duplicates().holdsFrom();
    return duplicates.isBefore(stampedUpTo) ? duplicates : stampedUpTo;
  }

  /** What is to be done between two decisions. */
  Asides asides() {
    return asides;
  }

  /** Forgets ids; call it between two decisions. */
  void giveBack(FingerprintSet ids, long from, long to, CleanAppender.Progress durable)
      throws IOException {
    if (durable.last() != null) { // else nothing was decided ever
      state.duplicates().giveBack(ids, from, to, durable.cleanEnd());
    }
  }

  /** Drops columns; call it between two decisions. */
  List<PropertyColumn> drop(String project, Set<String> names, Instant at) {
    List<PropertyColumn> dropped = state.schema().drop(project, names, at);
    properties.drop(project, dropped);
    return dropped;
  }

  @Override
  public void run() {
    try {
      while (!ending.isAsked()) {
        step();
      }
      ending.check();
      tryCheckpoint();
    } catch (Ending.Stopped e) {
      LOG.debug("deciding ends with the processor");
    } catch (ExecutionException e) {
      ending.fail(e.getCause() == null ? e : e.getCause());
    } catch (IOException | RuntimeException | InterruptedException e) {
      ending.fail(e);
    } finally {
      asides.close(new IOException("the processor has ended"));
      appender.close();
    }
  }

  private void step() throws IOException, InterruptedException, ExecutionException {
    RawFeed.Chunk chunk = feed.poll(patience());
    if (chunk != null) {
      for (DecodedEntry entry : chunk.entries()) {
        decisions.decide(entry, this::add);
        rawNext = entry.next();
      }
      feed.giveBack(chunk);
    }
    ending.check();
    boolean due = frames.isEmpty() || ticker.getAsLong() - batchSince >= options.linger().toNanos();
    if (due && hasNews() && appender.offer(batch())) {
      begin();
    }
    if (isCheckpointDue()) {
      tryCheckpoint();
    }
    while (asides.isAny()) {
      aside(asides.take());
    }
  }

  private void aside(Asides.Aside<?> aside) throws IOException, InterruptedException {
    try {
      aside.run(checkpoint());
    } catch (IOException | RuntimeException e) {
      aside.fail(e);
      if (!Passing.is(e)) {
        throw e;
      }
    } finally {
      aside.fail(new IOException("the processor has ended"));
    }
  }

  private long patience() {
    if (frames.isEmpty()) {
      return LOOK;
    }
    long left = options.linger().toNanos() - (ticker.getAsLong() - batchSince);
    return Math.clamp(left, TimeUnit.MILLISECONDS.toNanos(1), LOOK);
  }

  private void add(CleanRecord record) throws IOException {
    if (frames.isEmpty()) {
      batchSince = ticker.getAsLong();
    }
    byte[] frame = codec.encode(record);
    frames.add(frame);
    bytes += frame.length;
    if (frames.size() >= options.batchEvents() || bytes >= options.batchBytes()) {
      handOver();
    }
  }

  private boolean hasNews() {
    return !frames.isEmpty() || handedOver.isBefore(rawNext);
  }

  private CleanBatch batch() {
    return new CleanBatch(frames, properties.added(), decisions.last(), rawNext);
  }

  private void begin() {
    properties.taken();
    handedOver = rawNext;
    frames = new ArrayList<>();
    bytes = 0;
  }

  private void handOver() {
    try {
      appender.put(batch());
      begin();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Ending.Stopped();
    }
  }

  private boolean isCheckpointDue() {
    long since = ticker.getAsLong() - checkpointSince;
    return since >= options.checkpoint().toNanos()
        || (state.duplicates().full() && (trouble.isEmpty() || since >= AGAIN));
  }

  /** A restart without it only reads more; so a disk that has no room for it ends nothing. */
  private void tryCheckpoint() throws IOException, InterruptedException {
    try {
      checkpoint();
      trouble = "";
    } catch (IOException | RuntimeException e) {
      if (!Passing.is(e)) {
        throw e;
      }
      if (trouble.isEmpty()) {
        LOG.warn("what a restart needs cannot be written and is tried again", e);
      }
      trouble = "what a restart needs cannot be written: " + e.getMessage();
    }
  }

  /** What cannot be written; empty if all can. */
  String trouble() {
    return trouble;
  }

  /**
   * Writes what a restart needs, once everything that was decided is durable: what is on disk must
   * never know an event that is not.
   *
   * @return what is durable
   */
  private CleanAppender.Progress checkpoint() throws IOException, InterruptedException {
    checkpointSince = ticker.getAsLong();
    if (hasNews()) {
      handOver();
    }
    CleanAppender.Progress durable = appender.awaitIdle();
    RawPosition last = durable.last();
    if (last == null || durable.cleanEnd().equals(holdsFrom())) {
      return durable;
    }
    state.duplicates().save(durable.cleanEnd());
    stamps.write(new ProcessPosition.Stamp(durable.cleanEnd(), last));
    stampedUpTo = durable.cleanEnd();
    return durable;
  }
}
