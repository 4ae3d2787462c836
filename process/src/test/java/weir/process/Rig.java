package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import weir.decode.Decoder;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.enrich.ProjectEnrichments;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.MemoryLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.MemoryFiles;

/** A processor with its surroundings, in memory but for SQLite; can be stopped and started. */
final class Rig implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
  static final long RECEIVED = micros(NOW);
  static final Duration LONG = Duration.ofSeconds(30);
  static final LogOptions SMALL = new LogOptions(4_096, 1L << 40, 0, 16 << 20);

  final MemoryFiles files = new MemoryFiles();
  final MetaDatabase database;
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final FakeProtocol protocol = new FakeProtocol();
  EventLog raw = new MemoryLog();
  List<Decoder> decoders = List.of(protocol);
  ProjectEnrichments enrichments = ProjectEnrichments.NONE;
  ProcessOptions options = options(1_000, Duration.ofHours(1));
  DuplicateOptions duplicates = DuplicateOptions.defaults();
  InstantSource clock = InstantSource.fixed(NOW);
  EventLog clean;
  private final RawRequestCodec rawCodec = new RawRequestCodec();

  Rig(Path directory) throws IOException {
    database = MetaDatabase.open(directory.resolve("meta.db"));
    files.create(Path.of("/data/keep")).close();
    files.sync(Path.of("/data"));
    files.sync(Path.of("/"));
    clean = openClean();
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static ProcessOptions options(int batchEvents, Duration checkpoint) {
    return new ProcessOptions(
        2,
        1 << 20,
        batchEvents,
        1 << 20,
        Duration.ofMillis(1),
        checkpoint,
        "default",
        ProcessOptions.CLOCK_TOLERANCE,
        SchemaLimits.defaults());
  }

  EventLog openClean() throws IOException {
    return EmbeddedLog.writer(files, Path.of("/data/clean"), SMALL, clock);
  }

  Position send(RawRequest... requests) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    for (RawRequest request : requests) {
      frames.add(rawCodec.encode(request));
    }
    return ((Appended.Stored) raw.append(frames)).first();
  }

  ProcessState openState() throws IOException {
    return ProcessState.open(
        database, files, Path.of("/data/duplicates"), duplicates, clock, metrics);
  }

  Processor start() throws IOException {
    return Processor.start(
        options, raw, clean, decoders, enrichments, openState(), clock, System::nanoTime, metrics);
  }

  /** Processes what is in the raw log, closes, and answers the whole clean log. */
  List<CleanRecord> process() throws Exception {
    try (Processor processor = start()) {
      assertThat(processor.awaitCaughtUp(LONG)).as("caught up").isTrue();
    }
    return records(clean);
  }

  static List<CleanRecord> records(EventLog log) throws IOException {
    CleanRecordCodec codec = new CleanRecordCodec();
    List<CleanRecord> records = new ArrayList<>();
    try (LogReader reader = log.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry instanceof LogEntry.Frame frame) {
          records.add(codec.decode(frame.payload()));
        }
      }
    }
    return records;
  }

  @Override
  public void close() throws IOException {
    clean.close();
    database.close();
  }
}
