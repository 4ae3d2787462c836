package weir.process;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoder;
import weir.enrich.ProjectEnrichments;
import weir.event.EpochMicros;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.EventLog;

/**
 * Reads the raw log and writes the clean log: exactly one clean frame per raw event, in raw order,
 * wherever a process before this one was killed.
 *
 * <p>Raw entries are decoded on several threads; their results are put back in order and decided on
 * one thread (duplicates, property columns), encoded, and appended in batches on another. Where to
 * start says the clean log's last frame, or a stamp in the metadata database where the log was
 * released up to its end; a start may lie in the middle of a request.
 *
 * <p>What cannot be decoded becomes bad events, as many as the collector accepted. A stretch of the
 * raw log that is unreadable becomes one bad event, reason {@code log_damaged} or {@code
 * frame_unreadable}, of the index {@link Integer#MAX_VALUE}; the ledger counts it as derived.
 *
 * <p>A full clean log, and a disk without room for what a restart needs, is waited for, see {@link
 * #trouble}. Any other failure ends the processor, see {@link #ended}; a new one, with its state
 * opened anew, goes on where this one came to.
 */
public final class Processor implements AutoCloseable {
  private final EventLog raw;
  private final ProcessState state;
  private final InstantSource clock;
  private final Ending ending = new Ending();
  private final CleanAppender appender;
  private final Deciding deciding;
  private final List<Thread> threads;
  private final Gauges gauges;

  private Processor(
      ProcessOptions options,
      EventLog raw,
      EventLog clean,
      List<Decoder> decoders,
      ProjectEnrichments enrichments,
      ProcessState state,
      InstantSource clock,
      LongSupplier ticker,
      MeterRegistry metrics)
      throws IOException {
    this.raw = raw;
    this.state = state;
    this.clock = clock;
    ProcessPosition stamps = new ProcessPosition(state.database());
    StartPoint start = StartPoint.find(clean, state, stamps);
    state.schema().forgetAfter(start.named());
    Position from = rawPosition(start.raw());
    this.appender =
        new CleanAppender(
            clean,
            state.schema(),
            new CleanAppender.Progress(start.clean(), start.raw(), from),
            ending,
            metrics);
    EntryDecoding decoding =
        new EntryDecoding(
            decoders,
            enrichments,
            options.unknownProject(),
            options.clockTolerance(),
            clock,
            metrics);
    RawFeed feed = new RawFeed(raw, from, decoding, options, ending);
    this.deciding =
        new Deciding(options, feed, appender, state, stamps, clock, ticker, ending, metrics);
    this.threads =
        List.of(
            thread("weir-process-append", appender),
            thread("weir-process-decide", deciding),
            thread("weir-process-read", feed));
    this.gauges = new Gauges(metrics);
    gauges.add(
        "weir_process_lag_bytes", "Bytes of the raw log that are not decided yet", this::lag);
  }

  private Thread thread(String name, Runnable work) {
    return Thread.ofPlatform()
        .name(name)
        .daemon()
        .uncaughtExceptionHandler((thread, error) -> ending.fail(error))
        .unstarted(work);
  }

  private static Position rawPosition(@Nullable RawPosition raw) {
    return raw == null ? Position.START : raw.position();
  }

  /**
   * Finds where to go on and goes on.
   *
   * @param state opened anew; its duplicate index is closed with the processor, or when this throws
   * @param ticker nanoseconds, for durations
   * @throws IOException if the logs or the state cannot be read, or contradict each other
   */
  public static Processor start(
      ProcessOptions options,
      EventLog raw,
      EventLog clean,
      List<Decoder> decoders,
      ProjectEnrichments enrichments,
      ProcessState state,
      InstantSource clock,
      LongSupplier ticker,
      MeterRegistry metrics)
      throws IOException {
    try {
      Processor processor =
          new Processor(options, raw, clean, decoders, enrichments, state, clock, ticker, metrics);
      processor.threads.forEach(Thread::start);
      return processor;
    } catch (IOException | RuntimeException e) {
      state.duplicates().close();
      throw e;
    }
  }

  /** The raw log is decided, durably, up to this position. */
  public Position position() {
    return appender.progress().rawNext();
  }

  /** The raw log from here on is needed: the request of the last decided event, or what follows. */
  public Position holdsRawFrom() {
    return rawPosition(appender.progress().last());
  }

  /** The clean log from here on is needed, by the duplicate index too. */
  public Position holdsCleanFrom() {
    return deciding.holdsFrom();
  }

  /** What keeps events from being stored, as long as it does. */
  public Optional<String> trouble() {
    return Stream.of(appender.trouble(), deciding.trouble())
        .filter(why -> !why.isEmpty())
        .findFirst();
  }

  private double lag() {
    return raw.bytesBetween(position(), raw.durableEnd());
  }

  /**
   * Waits until everything that is durable in the raw log now is decided.
   *
   * @return whether it is, in time
   * @throws IllegalStateException if the processor has ended
   */
  public boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    try {
      return appender.awaitRaw(raw.durableEnd(), atMost);
    } catch (Ending.Stopped e) {
      throw new IllegalStateException("the processor has ended", ending.why().orElse(e));
    }
  }

  /**
   * Forgets ids of events of a project that are to be there no more, so that they may come once
   * again. After a crash before it completes, all of them are known still, or none.
   *
   * @param eventIds some of what the project has
   * @param from when the earliest of these events was received
   * @param to when the latest was
   */
  public CompletableFuture<Void> giveBack(
      String project, Iterable<String> eventIds, Instant from, Instant to) {
    FingerprintSet ids = new FingerprintSet();
    eventIds.forEach(id -> ids.add(Fingerprint.of(project, id)));
    long first = EpochMicros.of(from);
    long last = EpochMicros.of(to);
    return deciding
        .asides()
        .add(durable -> {
          deciding.giveBack(ids, first, last, durable);
          return true;
        })
        .thenAccept(given -> {});
  }

  /**
   * Takes columns from properties, for good: what is decided from now on has their values in JSON.
   * What was decided before is in the clean log, and has them in the columns. After a crash before
   * it completes, all of them are dropped, or none.
   *
   * @param names of properties; those without a column are left out
   * @return the columns that properties of these names have no more
   */
  public CompletableFuture<List<PropertyColumn>> dropColumns(String project, Set<String> names) {
    Set<String> all = Set.copyOf(names);
    return deciding.asides().add(durable -> deciding.drop(project, all, clock.instant()));
  }

  /** Completes when the processor is closed, exceptionally when it has failed. */
  public CompletableFuture<Void> ended() {
    return ending.ended().copy();
  }

  /**
   * Ends reading, stores what is decided and writes what the next start needs. Ends quickly also
   * when the clean log is full; what was not stored then is decided again at the next start.
   */
  @Override
  public void close() throws IOException {
    ending.ask();
    boolean interrupted = false;
    for (Thread thread : threads.reversed()) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    ending.complete();
    gauges.close();
    state.duplicates().close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
