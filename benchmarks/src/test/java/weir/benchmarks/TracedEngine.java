package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import weir.decode.RawRequestCodec;
import weir.log.Appended;
import weir.log.embedded.LogOptions;
import weir.testkit.GeneratedEvent;

/**
 * A load for power cuts without servers: appends requests to the raw log by itself, beside the
 * engine's parts, which it stops and opens again once.
 */
final class TracedEngine {
  private static final int APPENDS = 160;
  private static final LogOptions LOGS = new LogOptions(150_000, 1L << 30, 0, 16 << 20);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final SplittableRandom random;
  private final IdBook book = new IdBook();
  private final InstantSource clock = InstantSource.system();
  private final EventMix mix;
  private final RawRequestCodec codec = new RawRequestCodec();

  private TracedEngine(long seed) {
    this.random = new SplittableRandom(seed);
    this.mix = new EventMix(Long.toHexString(seed), random, clock.instant(), true, book);
  }

  /** Arguments: the work folder, the seed, and one that is not used. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, TimeoutException {
    Path work = Path.of(arguments[0]);
    Path root = work.resolve("root");
    Files.createDirectory(root);
    TracedEngine load = new TracedEngine(Long.parseLong(arguments[1]));
    MarksFile marks = MarksFile.create(work);
    for (int part = 0; part < 2; part++) {
      try (EmbeddedEngine engine = EmbeddedEngine.open(root, LOGS, load.clock, System::nanoTime)) {
        load.append(engine, marks);
      }
    }
    marks.finish(load.book);
  }

  private void append(EmbeddedEngine engine, MarksFile marks)
      throws IOException, InterruptedException, TimeoutException {
    for (int i = 0; i < APPENDS; i++) {
      List<byte[]> frames = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int j = random.nextInt(4); j >= 0; j--) {
        int count = random.nextBoolean() ? 1 : 1 + random.nextInt(8);
        List<GeneratedEvent> events = Stream.generate(mix::next).limit(count).toList();
        events.forEach(event -> ids.add(event.id()));
        frames.add(codec.encode(RawRequests.of(events, random, clock)));
      }
      book.sending(ids);
      if (!(engine.raw().append(frames) instanceof Appended.Stored)) {
        throw new IOException("the raw log is full");
      }
      book.acknowledged(ids);
      marks.acknowledge(ids);
      if (i % 20 == 13) {
        engine.awaitCommitted(LIMIT);
        engine.release();
      }
    }
  }
}
