package weir.benchmarks;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import weir.decode.Decoders;
import weir.decode.SegmentDecoder;
import weir.enrich.Enrichments;
import weir.enrich.ProjectEnrichments;
import weir.enrich.agent.UserAgents;
import weir.enrich.geo.GeoFiles;
import weir.enrich.money.RatesFile;
import weir.enrich.plugin.PluginChain;
import weir.enrich.settings.StandardEnrichments;
import weir.event.Position;
import weir.lake.LakeOptions;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;
import weir.process.DuplicateOptions;
import weir.process.Ledger;
import weir.process.LedgerDatabase;
import weir.process.LedgerRow;
import weir.process.MetaDatabase;
import weir.process.ProcessOptions;
import weir.process.ProcessState;
import weir.process.Processor;

/**
 * The engine's way from the raw log to committed tables, and the ledger, in this process. Logs are
 * released only when told to.
 */
final class EmbeddedEngine implements AutoCloseable {
  private static final Duration LEDGER_EVERY = Duration.ofMillis(20);
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private final Deque<AutoCloseable> opened;
  private final EventLog raw;
  private final EventLog clean;
  private final Processor processor;
  private final Lake lake;
  private final LakeWriter writer;
  private final Ledger ledger;

  private EmbeddedEngine(
      Path data,
      LogOptions logs,
      InstantSource clock,
      LongSupplier ticker,
      boolean keptInOrder,
      Function<String, Optional<PluginChain>> plugins,
      Deque<AutoCloseable> opened)
      throws IOException {
    this.opened = opened;
    MeterRegistry meters = new SimpleMeterRegistry();
    Files files = Files.system();
    this.raw = keep(EmbeddedLog.writer(files, data.resolve("raw"), logs, clock));
    this.clean = keep(EmbeddedLog.writer(files, data.resolve("clean"), logs, clock));
    MetaDatabase database = keep(MetaDatabase.open(data.resolve("meta.db")));
    ProcessState state =
        ProcessState.open(
            database,
            files,
            data.resolve("duplicates"),
            DuplicateOptions.defaults(),
            clock,
            meters);
    this.processor =
        keep(
            Processor.start(
                ProcessOptions.defaults(),
                raw,
                clean,
                Decoders.all(SegmentDecoder.MAX_EVENT_BYTES),
                with(plugins, enrichments(data, ticker, meters)),
                state,
                clock,
                ticker,
                meters));
    LakeOptions options = LakeOptions.DEFAULT.committedEvery(COMMIT_EVERY);
    this.lake = keep(Lake.open(data.resolve("lake"), files, options, clock, meters));
    this.writer = keep(lake.writer(PartitionedLog.of(clean)));
    writer.start();
    if (keptInOrder) {
      keep(lake.upkeep()).start();
    }
    LedgerDatabase books = keep(LedgerDatabase.open(data.resolve("ledger.db")));
    this.ledger =
        keep(
            Ledger.start(
                books, raw, clean, () -> writer.holdsFrom().of(0), LEDGER_EVERY, clock, meters));
  }

  /** Opens everything in a data directory, and goes on from where it stands. */
  static EmbeddedEngine open(Path data, LogOptions logs, InstantSource clock, LongSupplier ticker)
      throws IOException {
    return open(data, logs, clock, ticker, true, project -> Optional.empty());
  }

  /** The same with plug-ins of projects. */
  static EmbeddedEngine openWithPlugins(
      Path data,
      LogOptions logs,
      InstantSource clock,
      LongSupplier ticker,
      Function<String, Optional<PluginChain>> plugins)
      throws IOException {
    return open(data, logs, clock, ticker, true, plugins);
  }

  private static ProjectEnrichments with(
      Function<String, Optional<PluginChain>> plugins, ProjectEnrichments enrichments) {
    return new ProjectEnrichments() {
      @Override
      public Enrichments of(String project) {
        return enrichments.of(project);
      }

      @Override
      public Optional<PluginChain> plugins(String project) {
        return plugins.apply(project);
      }
    };
  }

  /** The same, and never merges or forgets anything. */
  static EmbeddedEngine openWithoutUpkeep(
      Path data, LogOptions logs, InstantSource clock, LongSupplier ticker) throws IOException {
    return open(data, logs, clock, ticker, false, project -> Optional.empty());
  }

  private static EmbeddedEngine open(
      Path data,
      LogOptions logs,
      InstantSource clock,
      LongSupplier ticker,
      boolean keptInOrder,
      Function<String, Optional<PluginChain>> plugins)
      throws IOException {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new EmbeddedEngine(data, logs, clock, ticker, keptInOrder, plugins, opened);
    } catch (IOException | RuntimeException e) {
      try {
        closeAll(opened);
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /** Logs that hold as much as a benchmark wants. */
  static LogOptions largeLogs() {
    return new LogOptions(64L << 20, 32L << 30, 0, 64 << 20);
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  /** Waits until all that the raw log holds now is in committed tables. */
  void awaitCommitted(Duration atMost) throws InterruptedException, TimeoutException, IOException {
    if (!processor.awaitCaughtUp(atMost)) {
      throw new TimeoutException("the processor has not caught up");
    }
    try {
      writer.flush().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the lake writer has stopped", e);
    }
  }

  /** Releases what all holders of the logs have passed. */
  void release() throws IOException {
    raw.releaseBefore(earlier(processor.holdsRawFrom(), ledger.rawHoldsFrom()));
    Position needed = earlier(processor.holdsCleanFrom(), ledger.cleanHoldsFrom());
    clean.releaseBefore(earlier(needed, writer.holdsFrom().of(0)));
  }

  private static Position earlier(Position one, Position other) {
    return one.isBefore(other) ? one : other;
  }

  /** The ledger's sums for a project, over all time. */
  Expectation.Totals totals(String project) {
    List<LedgerRow> rows = ledger.rows(project, Instant.EPOCH, LAST);
    return new Expectation.Totals(
        rows.stream().mapToLong(LedgerRow::accepted).sum(),
        rows.stream().mapToLong(LedgerRow::derived).sum(),
        rows.stream().mapToLong(LedgerRow::loaded).sum(),
        rows.stream().mapToLong(LedgerRow::quarantined).sum(),
        rows.stream().mapToLong(LedgerRow::duplicate).sum(),
        rows.stream()
            .flatMap(row -> row.dropped().values().stream())
            .mapToLong(Long::longValue)
            .sum(),
        rows.stream().mapToLong(LedgerRow::inFlight).sum());
  }

  EventLog raw() {
    return raw;
  }

  Lake lake() {
    return lake;
  }

  /** Ends all parts, the last opened first; one that fails keeps none of the others open. */
  @Override
  public void close() throws IOException {
    closeAll(opened);
  }

  private static void closeAll(Deque<AutoCloseable> opened) throws IOException {
    IOException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        IOException next = new IOException("cannot close in order", e);
        if (failure != null) {
          next.addSuppressed(failure);
        }
        failure = next;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Those of a project that has set nothing. */
  private static ProjectEnrichments enrichments(
      Path data, LongSupplier ticker, MeterRegistry meters) {
    StandardEnrichments standard =
        new StandardEnrichments(
            new GeoFiles(List.of(), data), new RatesFile(Optional.empty()), ticker, meters);
    standard.refresh();
    UserAgents.prepare();
    return standard;
  }
}
