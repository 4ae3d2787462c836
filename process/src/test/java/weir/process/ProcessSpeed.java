package weir.process;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.decode.SegmentDecoder;
import weir.enrich.ProjectEnrichments;
import weir.event.CleanRecord;
import weir.event.CleanRecordCodec;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.MemoryLog;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;

/**
 * Measures the way from raw to clean over requests of one event of 1 KB: each step alone on one
 * thread, then the processor as a whole. Run it by hand; it takes the folder to write to.
 */
final class ProcessSpeed {
  private static final int REQUESTS = 200_000;
  private static final long AT = Rig.RECEIVED;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Path directory;
  private final EventLog raw = new MemoryLog();
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-10T12:00:00Z"));

  private ProcessSpeed(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] arguments) throws Exception {
    ProcessSpeed speed = new ProcessSpeed(Path.of(arguments[0]));
    speed.fill();
    for (int round = 0; round < 5; round++) {
      speed.steps();
      speed.whole(round);
    }
  }

  private static RawRequest request(int i) {
    String body =
        """
        {"type":"track","event":"Product Viewed","messageId":"message-%08d","anonymousId":"a-%d",\
        "userId":"user-%d","timestamp":"2026-01-10T11:59:58.123Z","sentAt":"2026-01-10T12:00:00Z",\
        "context":{"library":{"name":"analytics.js","version":"4.1.0"},"ip":"203.0.113.7",\
        "userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/120.0 Safari/537.36","locale":"en-GB","timezone":"Europe/London",\
        "page":{"url":"https://shop.example/p/%d?utm_source=mail","path":"/p/%d",\
        "title":"A product","referrer":"https://search.example/"},\
        "screen":{"width":1920,"height":1080}},"properties":{"product_id":"p-%d","price":%d.5,\
        "currency":"EUR","category":"shoes","quantity":1,"brand":"Example","inStock":true,\
        "position":%d,"variant":"blue / 42","coupon":"SPRING","rating":4.5,"reviews":120,\
        "note":"%s"}}\
        """
            .formatted(
                i, i % 5_000, i % 5_000, i % 999, i % 999, i % 999, i % 90, i % 9, "x".repeat(120));
    return new RawRequest(
        new UUID(1, i),
        "segment",
        "shop",
        "web",
        "key",
        "203.0.113.7",
        AT + i,
        "/v1/track",
        "",
        1,
        List.of(new Header("content-type", "application/json")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private void fill() throws Exception {
    RawRequestCodec codec = new RawRequestCodec();
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      frames.add(codec.encode(request(i)));
    }
    System.out.printf("a request is %d bytes%n", frames.getFirst().length);
    raw.append(frames);
  }

  private void steps() throws Exception {
    EntryDecoding decoding =
        new EntryDecoding(
            List.of(new SegmentDecoder()),
            ProjectEnrichments.NONE,
            "default",
            ProcessOptions.CLOCK_TOLERANCE,
            clock,
            new SimpleMeterRegistry());
    List<LogEntry> entries = new ArrayList<>();
    try (LogReader reader = raw.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null && entries.size() < 50_000; ) {
        entries.add(entry);
        entry = reader.next();
      }
    }
    List<DecodedEntry> decoded = new ArrayList<>();
    time(
        "decode",
        n -> decoded.add(decoding.decode(entries.get((int) n), 1 << 20, 1 << 20)) ? 1 : 0,
        entries.size());
    try (MetaDatabase database = MetaDatabase.open(directory.resolve("steps.db"));
        DuplicateIndex duplicates =
            DuplicateIndex.open(
                Files.system(),
                directory.resolve("steps-" + System.nanoTime()),
                DuplicateOptions.defaults(),
                clock,
                new SimpleMeterRegistry())) {
      PropertyMapper mapper =
          new PropertyMapper(
              PropertySchema.open(database), SchemaLimits.defaults(), new SimpleMeterRegistry());
      Decisions decisions =
          new Decisions(0, duplicates, mapper, clock, new SimpleMeterRegistry(), null);
      List<CleanRecord> records = new ArrayList<>();
      time(
          "decide",
          n -> {
            try {
              decisions.decide(decoded.get((int) n), records::add);
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
            return 1;
          },
          decoded.size());
      CleanRecordCodec codec = new CleanRecordCodec();
      List<byte[]> frames = new ArrayList<>();
      time("encode", n -> frames.add(codec.encode(records.get((int) n))) ? 1 : 0, records.size());
      time("summary", n -> codec.summary(frames.get((int) n)).hashCode(), frames.size());
      time("read", n -> codec.decode(frames.get((int) n)).hashCode(), frames.size());
    }
  }

  private static void time(String name, LongUnaryOperator step, int times) {
    long start = THREADS.getCurrentThreadCpuTime();
    long sum = 0;
    for (int i = 0; i < times; i++) {
      sum += step.applyAsLong(i);
    }
    double micros = (THREADS.getCurrentThreadCpuTime() - start) / 1e3 / times;
    System.out.printf("%-8s %6.2f us of CPU an event (%d)%n", name, micros, sum & 1);
  }

  private void whole(int round) throws Exception {
    Path home = directory.resolve("round-" + round + "-" + System.nanoTime());
    try (MetaDatabase database = MetaDatabase.open(home.resolve("meta.db"));
        EventLog clean =
            EmbeddedLog.writer(
                Files.system(), home.resolve("clean"), LogOptions.defaults(), clock)) {
      ProcessState state =
          ProcessState.open(
              database,
              Files.system(),
              home.resolve("duplicates"),
              DuplicateOptions.defaults(),
              clock,
              new SimpleMeterRegistry());
      long start = System.nanoTime();
      long cpu = PROCESS.getProcessCpuTime();
      try (Processor processor =
          Processor.start(
              ProcessOptions.defaults(),
              raw,
              clean,
              List.of(new SegmentDecoder()),
              ProjectEnrichments.NONE,
              state,
              clock,
              System::nanoTime,
              new SimpleMeterRegistry())) {
        if (!processor.awaitCaughtUp(Duration.ofMinutes(2))) {
          throw new IllegalStateException("not in time");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "whole    %6.2f us of CPU an event, %,.0f events/s, %d bytes a clean frame%n",
            (PROCESS.getProcessCpuTime() - cpu) / 1e3 / REQUESTS,
            REQUESTS / seconds,
            clean.durableEnd().value() / REQUESTS);
      }
    }
  }
}
