package weir.server.roles;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Configuration;
import weir.config.Settings;
import weir.decode.Decoder;
import weir.directory.DataDirectory;
import weir.enrich.ProjectEnrichments;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.files.Files;
import weir.process.DuplicateOptions;
import weir.process.MetaDatabase;
import weir.process.ProcessOptions;
import weir.process.ProcessState;
import weir.process.Processor;
import weir.process.PropertySchema;
import weir.process.SchemaLimits;

/** From the raw log to the lake: everything in the engine that moves events. */
final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
  private static final Duration DRAIN_PROCESS = Duration.ofMillis(1500);
  private static final Duration DRAIN_LAKE = Duration.ofMillis(1500);

  private final EventLog raw;
  private final EventLog clean;
  private final PropertySchema schema;
  private final Processor processor;
  private final Lake lake;
  private final LakeWriter writer;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  private Pipeline(
      EventLog raw,
      EventLog clean,
      PropertySchema schema,
      Processor processor,
      Lake lake,
      LakeWriter writer) {
    this.raw = raw;
    this.clean = clean;
    this.schema = schema;
    this.processor = processor;
    this.lake = lake;
    this.writer = writer;
    processor.ended().whenComplete((ignored, why) -> fail(failure, why));
    writer.stopped().whenComplete((ignored, why) -> fail(failure, why));
  }

  static Pipeline start(
      RoleContext context,
      MetaDatabase database,
      List<Decoder> decoders,
      ProjectEnrichments enrichments)
      throws IOException {
    Stoppables stoppables = context.stoppables();
    DataDirectory directory = context.directory();
    Configuration settings = context.configuration();
    InstantSource clock = InstantSource.system();
    EventLog raw = stoppables.add("raw log", EmbeddedLog.reader(Files.system(), directory.raw()));
    EventLog clean =
        stoppables.add(
            "clean log",
            EmbeddedLog.writer(
                Files.system(), directory.clean(), LogSettings.clean(settings), clock));
    Lake lake =
        stoppables.add(
            "lake",
            Lake.open(
                directory.lake(),
                Files.system(),
                LakeSettings.of(settings),
                clock,
                context.metrics()));
    LakeWriter writer = stoppables.add("lake writer", lake.writer(PartitionedLog.of(clean)));
    writer.start();
    stoppables.add("lake upkeep", lake.upkeep()).start();
    ProcessState state =
        ProcessState.open(
            database,
            new PropertyPublication(directory.properties()),
            Files.system(),
            directory.duplicates(),
            duplicates(settings),
            clock,
            context.metrics());
    Processor processor =
        stoppables.add(
            "processor",
            Processor.start(
                process(settings),
                raw,
                clean,
                decoders,
                enrichments,
                state,
                clock,
                System::nanoTime,
                context.metrics()));
    return new Pipeline(raw, clean, state.schema(), processor, lake, writer);
  }

  private static DuplicateOptions duplicates(Configuration settings) {
    return new DuplicateOptions(
        settings.get(Settings.DUPLICATE_WINDOW),
        DuplicateOptions.defaults().slice(),
        DuplicateOptions.defaults().unsaved());
  }

  private static ProcessOptions process(Configuration settings) {
    ProcessOptions defaults = ProcessOptions.defaults();
    return new ProcessOptions(
        defaults.decoders(),
        defaults.inFlightBytes(),
        defaults.batchEvents(),
        defaults.batchBytes(),
        settings.get(Settings.PROCESS_LINGER),
        defaults.checkpoint(),
        defaults.unknownProject(),
        settings.get(Settings.PROCESS_CLOCK_TOLERANCE),
        new SchemaLimits(
            settings.get(Settings.PROCESS_COLUMNS),
            settings.get(Settings.PROCESS_COLUMNS_PER_KEY),
            settings.get(Settings.PROCESS_NEW_COLUMNS),
            settings.get(Settings.PROCESS_NEW_COLUMNS_PER_EVENT)));
  }

  EventLog raw() {
    return raw;
  }

  EventLog clean() {
    return clean;
  }

  PropertySchema schema() {
    return schema;
  }

  Processor processor() {
    return processor;
  }

  Lake lake() {
    return lake;
  }

  LakeWriter writer() {
    return writer;
  }

  /** Bytes of the raw log that are not decided yet. */
  long processLag() {
    return raw.bytesBetween(processor.position(), raw.durableEnd());
  }

  /** Bytes of the clean log that are not in the lake yet. */
  long lakeLag() {
    return clean.bytesBetween(writer.holdsFrom().of(clean.partition()), clean.durableEnd());
  }

  /** Completes, with the reason, when a part has ended that should run. */
  CompletableFuture<Void> failure() {
    return failure;
  }

  private static void fail(
      CompletableFuture<Void> failure, @org.jspecify.annotations.Nullable Throwable why) {
    if (why != null) {
      failure.completeExceptionally(why);
    }
  }

  /** Takes in what the collector has stored and commits it, as far as there is time. */
  void drain() throws InterruptedException {
    try {
      if (!processor.awaitCaughtUp(DRAIN_PROCESS)) {
        LOG.info("stopping with {} bytes left to process; they are safe", processLag());
      }
      writer.flush().get(DRAIN_LAKE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.info("stopping with {} bytes left to load; they are safe", lakeLag());
    } catch (ExecutionException | IllegalStateException e) {
      LOG.warn("stopping without a last commit", e);
    }
  }
}
