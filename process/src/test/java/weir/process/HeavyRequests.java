package weir.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import weir.decode.Header;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.decode.SegmentDecoder;
import weir.enrich.ProjectEnrichments;
import weir.event.CleanRecordCodec;
import weir.event.CleanSummary;
import weir.event.Position;
import weir.event.RawPosition;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;

/**
 * Processes requests that are small as they are sent and huge once decoded, on disk, in a JVM of
 * its own; says at the end whether each of their events was decided exactly once, in order.
 */
final class HeavyRequests {
  static final String DONE = "every event was decided once: ";
  private static final int REQUESTS = 7;
  private static final int MOST_EVENTS = 95_000;
  private static final int LARGEST = 36 << 20;
  private static final LogOptions LOG = new LogOptions(16 << 20, 1L << 40, 0, 64 << 20);

  private final Random random;
  private final List<RawPosition> expected = new ArrayList<>();

  private HeavyRequests(long seed) {
    this.random = new Random(seed);
  }

  /** Takes a folder to write to, and a seed. */
  public static void main(String[] arguments) throws Exception {
    new HeavyRequests(Long.parseLong(arguments[1])).run(Path.of(arguments[0]));
  }

  private void run(Path home) throws Exception {
    InstantSource clock = InstantSource.fixed(Rig.NOW);
    try (MetaDatabase database = MetaDatabase.open(home.resolve("meta.db"));
        EventLog raw = EmbeddedLog.writer(Files.system(), home.resolve("raw"), LOG, clock);
        EventLog clean = EmbeddedLog.writer(Files.system(), home.resolve("clean"), LOG, clock)) {
      for (int i = 0; i < REQUESTS; i++) {
        send(raw, i);
      }
      ProcessState state =
          ProcessState.open(
              database,
              Files.system(),
              home.resolve("duplicates"),
              DuplicateOptions.defaults(),
              clock,
              new SimpleMeterRegistry());
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
        if (!processor.awaitCaughtUp(Duration.ofMinutes(8))) {
          throw new IllegalStateException("not in time");
        }
      }
      check(clean);
    }
  }

  private void send(EventLog raw, int number) throws IOException {
    String event = event(number);
    int most = Math.min(MOST_EVENTS, (LARGEST - 1_000) / event.length());
    int events = most - random.nextInt(1 + most / 2);
    boolean lines = random.nextBoolean();
    String shared =
        !lines && random.nextBoolean()
            ? "\"context\":{\"x\":\"" + "s".repeat(random.nextInt(600)) + "\"},"
            : "";
    byte[] body =
        (lines
                ? (event + "\n").repeat(events)
                : "{" + shared + "\"batch\":[" + (event + ",").repeat(events - 1) + event + "]}")
            .getBytes(UTF_8);
    boolean zstd = random.nextBoolean();
    RawRequest request =
        new RawRequest(
            new UUID(2, number),
            "segment",
            "shop",
            "web",
            "key",
            "203.0.113.7",
            Rig.RECEIVED,
            "/v1/batch",
            "",
            events,
            List.of(
                new Header("content-type", lines ? "application/x-ndjson" : "application/json"),
                new Header("content-encoding", zstd ? "zstd" : "gzip")),
            zstd ? Zstd.compress(body) : gzip(body));
    System.out.printf("%d events, %d bytes, %d sent%n", events, body.length, request.body().length);
    Appended stored = raw.append(List.of(new RawRequestCodec().encode(request)));
    for (int i = 0; i < events; i++) {
      expected.add(new RawPosition(((Appended.Stored) stored).first().value(), i));
    }
  }

  /** Tiny, of many properties, or almost too large and of nothing but properties. */
  private String event(int number) {
    int kind = number < 3 ? number : random.nextInt(3);
    int properties = List.of(0, 50, 70_000).get(kind);
    StringBuilder event =
        new StringBuilder("{\"type\":\"track\",\"event\":\"a\",\"userId\":\"u\",\"properties\":{");
    for (int i = 0; i < properties; i++) {
      event.append(i == 0 ? "" : ",").append('"').append(Integer.toString(i, 36)).append("\":1");
    }
    return event.append("}}").toString();
  }

  /** In two members, so that no trailer tells the size. */
  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int middle = body.length - 10;
    try (OutputStream first = new GZIPOutputStream(out)) {
      first.write(body, 0, middle);
    }
    try (OutputStream second = new GZIPOutputStream(out)) {
      second.write(body, middle, body.length - middle);
    }
    return out.toByteArray();
  }

  private void check(EventLog clean) throws IOException {
    CleanRecordCodec codec = new CleanRecordCodec();
    int events = 0;
    try (LogReader reader = clean.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        CleanSummary summary = codec.summary(((LogEntry.Frame) entry).payload());
        if (!expected.get(events).equals(summary.origin().rawPosition())
            || summary.decision() != CleanSummary.Decision.EVENT) {
          throw new IllegalStateException(events + ": " + summary);
        }
        events++;
      }
    }
    if (events != expected.size()) {
      throw new IllegalStateException(events + " decided of " + expected.size());
    }
    System.out.println(DONE + events);
  }
}
