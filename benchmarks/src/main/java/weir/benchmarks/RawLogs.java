package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import weir.decode.RawRequestCodec;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.embedded.EmbeddedLog;
import weir.testkit.EventGenerator;
import weir.testkit.GeneratedEvent;

/** Raw logs full of generated requests, as a collector would have left them. */
final class RawLogs {
  private static final int FRAMES_PER_APPEND = 500;

  private RawLogs() {}

  /**
   * Fills a data directory's raw log with events that end about now.
   *
   * @param batch events in a request
   * @return its bytes
   */
  static long fill(Path data, long events, int batch, int seed, InstantSource clock)
      throws IOException {
    Files.createDirectories(data);
    if (events == 0) {
      return 0;
    }
    EventGenerator generator = new EventGenerator(seed, begin(events, clock));
    SplittableRandom random = new SplittableRandom(seed);
    RawRequestCodec codec = new RawRequestCodec();
    long bytes = 0;
    try (EventLog raw =
        EmbeddedLog.writer(
            weir.log.files.Files.system(),
            data.resolve("raw"),
            EmbeddedEngine.largeLogs(),
            clock)) {
      for (long made = 0; made < events; ) {
        List<byte[]> frames = new ArrayList<>();
        while (made < events && frames.size() < FRAMES_PER_APPEND) {
          long size = Math.min(batch, events - made);
          List<GeneratedEvent> request = Stream.generate(generator::next).limit(size).toList();
          frames.add(codec.encode(RawRequests.of(request, random, clock)));
          made += size;
        }
        bytes += frames.stream().mapToLong(frame -> frame.length).sum();
        if (raw.append(frames) instanceof Appended.Full full) {
          throw new IOException("the raw log is full: " + full.why());
        }
      }
    }
    return bytes;
  }

  /** Late enough for the last event to be hardly ahead of now. */
  private static Instant begin(long events, InstantSource clock) {
    return clock.instant().minus(EventGenerator.USUAL_STEP.multipliedBy(events));
  }
}
