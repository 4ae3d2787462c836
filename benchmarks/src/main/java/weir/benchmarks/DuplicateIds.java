package weir.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import weir.event.EpochMicros;
import weir.event.Position;
import weir.log.files.Files;
import weir.process.DuplicateIndex;
import weir.process.DuplicateOptions;

/** What the ids of a window of accepted events cost: time, disk and memory. */
final class DuplicateIds {
  private static final String PROJECT = "default";
  private static final double MOST_DISK = 1_000;
  private static final double MOST_MEMORY = 200;
  private static final int LOOK_BACK = 1_000_000;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Path work;
  private final int ids;
  private final LongSupplier ticker;
  private final PrintStream out;

  DuplicateIds(Path work, int ids, LongSupplier ticker, PrintStream out) {
    this.work = work;
    this.ids = ids;
    this.ticker = ticker;
    this.out = out;
  }

  /** Measures, printing progress. */
  void run(Figures figures) throws IOException {
    Path directory = work.resolve("duplicates");
    DuplicateOptions options = DuplicateOptions.defaults();
    double micros;
    double again;
    try (DuplicateIndex index = open(directory, options)) {
      long heapBefore = heap();
      long began = ticker.getAsLong();
      take(index, 0, ids, true);
      micros = (ticker.getAsLong() - began) / 1e3 / ids;
      began = ticker.getAsLong();
      int from = Math.max(0, ids / 2 - LOOK_BACK);
      take(index, from, ids / 2, false);
      again = (ticker.getAsLong() - began) / 1e3 / (ids / 2 - from);
      figures.note("a new id, saving included (us)", micros);
      figures.note("an id seen days before (us)", again);
      figures.atMost("ids in memory (MB)", (heap() - heapBefore) / 1e6, MOST_MEMORY);
    }
    figures.atMost("ids on disk (MB)", Trees.content(directory).bytes() / 1e6, MOST_DISK);
    long began = ticker.getAsLong();
    open(directory, options).close();
    figures.note("opening them again (s)", (ticker.getAsLong() - began) / 1e9);
  }

  private static DuplicateIndex open(Path directory, DuplicateOptions options) throws IOException {
    return DuplicateIndex.open(
        Files.system(),
        directory,
        options,
        () -> START.plus(options.window()),
        new SimpleMeterRegistry());
  }

  /** Ids spread evenly over the window. */
  private void take(DuplicateIndex index, int from, int to, boolean fresh) throws IOException {
    long window = TimeUnit.DAYS.toMicros(7);
    long start = EpochMicros.of(START);
    for (int i = from; i < to; i++) {
      long receivedAt = start + (fresh ? (long) ((double) window * i / ids) : window - 1);
      if (index.accept(PROJECT, "0193a7c2-4f1e-7b3a-9c55-%012d".formatted(i), receivedAt)
          != fresh) {
        throw new IOException("id " + i + " was " + (fresh ? "refused" : "taken twice"));
      }
      if (index.full()) {
        index.save(new Position(i + 1L));
      }
      if ((i + 1) % 10_000_000 == 0) {
        out.printf("%,d ids%n", i + 1);
      }
    }
  }

  /** Bytes in use once everything that can be collected is gone. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
