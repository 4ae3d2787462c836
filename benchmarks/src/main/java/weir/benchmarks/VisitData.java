package weir.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import weir.decode.RawRequestCodec;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.lake.LakeFile;
import weir.lake.LakeOptions;
import weir.lake.UpkeepOptions;
import weir.lake.reading.LakeReader;
import weir.lake.sidecar.Sidecar;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.testkit.EventGenerator;

/**
 * A data directory that holds {@link VisitEvents}, as Weir would have it after compaction. The
 * events are put into the clean log, already decided; from there the lake's own writer and
 * compaction made the files. What was made once is used again.
 *
 * <p>The raw log holds one request, which all events claim to come from: the first event that is
 * sent later has a position of its own behind it.
 */
final class VisitData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int APPENDED = 2_000;
  private static final int COMMITTED = 500_000;
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final LogOptions LOGS = new LogOptions(16L << 20, 32L << 30, 0, 64 << 20);

  private final Path folder;
  private final long events;
  private final double merged;
  private final Instant start;

  private VisitData(Path folder, long events, double merged, Instant start) {
    this.folder = folder;
    this.events = events;
    this.merged = merged;
    this.start = start;
  }

  /**
   * Makes the data, or finds what was made before.
   *
   * @param at a folder for data of this number of events and share of merged visitors alone; it
   *     must not move, since the lake names its files with all folders
   */
  static VisitData in(
      Path at,
      long events,
      double merged,
      InstantSource clock,
      LongSupplier ticker,
      PrintStream out)
      throws IOException, InterruptedException, TimeoutException {
    Path folder = Files.createDirectories(at).toRealPath();
    Path made = folder.resolve("made.json");
    if (Files.exists(made)) {
      JsonNode said = JSON.readTree(made.toFile());
      if (said.path("events").asLong() != events || said.path("merged").asDouble() != merged) {
        throw new IOException(folder + " holds other data: " + said);
      }
      out.printf("%,d events were made before, in %s%n", events, folder);
      VisitData before =
          new VisitData(folder, events, merged, Instant.parse(said.path("start").asText()));
      try (Lake lake = before.lake(clock)) {
        finish(lake);
      }
      return before;
    }
    Trees.delete(folder);
    Files.createDirectories(folder);
    Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
    Instant start = today.minus(Duration.ofDays(VisitEvents.DAYS));
    VisitData data = new VisitData(folder, events, merged, start);
    long begun = ticker.getAsLong();
    data.make(clock);
    Files.writeString(
        made,
        JSON.createObjectNode()
            .put("events", events)
            .put("merged", merged)
            .put("start", start.toString())
            .toString());
    out.printf(
        "%,d events made in %.0f s: from the clean log on by the lake's own writer and compaction%n",
        events, (ticker.getAsLong() - begun) / 1e9);
    return data;
  }

  /** The data directory. */
  Path directory() {
    return folder.resolve("data");
  }

  Path folder() {
    return folder;
  }

  long events() {
    return events;
  }

  Instant start() {
    return start;
  }

  /** The files of the table. */
  List<LakeFile> files() throws IOException {
    try (LakeReader lake = LakeReader.open(directory().resolve("lake"))) {
      return lake.snapshot(VisitEvents.PROJECT).events().files();
    }
  }

  private void make(InstantSource clock)
      throws IOException, InterruptedException, TimeoutException {
    Path data = Files.createDirectories(directory());
    makeRaw(clock);
    try (EventLog clean =
            EmbeddedLog.writer(weir.log.files.Files.system(), data.resolve("clean"), LOGS, clock);
        Lake lake = lake(clock)) {
      try (LakeWriter writer = lake.writer(PartitionedLog.of(clean))) {
        writer.start();
        append(clean, writer);
      }
      finish(lake);
    }
  }

  private Lake lake(InstantSource clock) throws IOException {
    return Lake.open(
        directory().resolve("lake"),
        weir.log.files.Files.system(),
        options(),
        clock,
        new SimpleMeterRegistry());
  }

  /** Merges files and makes their sidecars, until there is nothing to do. */
  private static void finish(Lake lake) {
    boolean more = true;
    while (more) {
      more = lake.upkeep().step();
    }
  }

  /** How large the sidecars of the files are, of the files themselves. */
  double sidecarShare() throws IOException {
    long bytes = 0;
    long beside = 0;
    for (LakeFile file : files()) {
      bytes += file.bytes();
      Path sidecar = Sidecar.of(file.path());
      beside += Files.exists(sidecar) ? Files.size(sidecar) : 0;
    }
    return (double) beside / bytes;
  }

  /** Days rest, and replaced files go, at once. */
  private static LakeOptions options() {
    LakeOptions usual = LakeOptions.DEFAULT;
    UpkeepOptions upkeep = UpkeepOptions.DEFAULT;
    return new LakeOptions(
        usual.commitEvents(),
        usual.commitInterval(),
        usual.quietCommitInterval(),
        2 * usual.pendingBytes(),
        usual.heldLogBytes(),
        2 * usual.engineMemoryBytes(),
        2,
        new UpkeepOptions(
            upkeep.fileBytes(),
            2 * upkeep.memoryBytes(),
            Duration.ZERO,
            Duration.ZERO,
            upkeep.orphanAge(),
            Optional.empty(),
            Optional.empty()));
  }

  private void makeRaw(InstantSource clock) throws IOException {
    EventGenerator one = new EventGenerator(1, start);
    byte[] frame =
        new RawRequestCodec()
            .encode(RawRequests.of(List.of(one.next()), new SplittableRandom(1), clock));
    try (EventLog raw =
        EmbeddedLog.writer(
            weir.log.files.Files.system(), directory().resolve("raw"), LOGS, clock)) {
      append(raw, List.of(frame));
    }
  }

  private static void append(EventLog log, List<byte[]> frames) throws IOException {
    if (log.append(frames) instanceof Appended.Full full) {
      throw new IOException("the log is full: " + full.why());
    }
  }

  /** Appends while what was appended before is committed. */
  private void append(EventLog clean, LakeWriter writer)
      throws IOException, InterruptedException, TimeoutException {
    VisitEvents made = new VisitEvents(events, merged, 1, start);
    CleanRecordCodec codec = new CleanRecordCodec();
    CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
    Position last = Position.START;
    for (long done = 0; done < events; ) {
      for (long end = Math.min(events, done + COMMITTED); done < end; ) {
        List<byte[]> frames = new ArrayList<>();
        for (; done < end && frames.size() < APPENDED; done++) {
          frames.add(codec.encode(made.next()));
        }
        last = clean.durableEnd();
        append(clean, frames);
      }
      await(before);
      clean.releaseBefore(writer.holdsFrom().of(0));
      before = writer.flush();
    }
    await(before);
    clean.releaseBefore(last); // some must stay to say where processing goes on
  }

  private static void await(CompletableFuture<Void> committed)
      throws IOException, InterruptedException, TimeoutException {
    try {
      committed.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the lake writer has stopped", e);
    }
  }
}
