package weir.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import weir.lake.LakeFile;
import weir.lake.reading.LakeReader;

/** Waits until so many events are in the lake, and compaction has nothing more to do. */
final class CompactionRest {
  private static final Duration TO_REST = Duration.ofMinutes(20);
  private static final Duration RESTED = Duration.ofSeconds(60);

  private final LakeReader lake;
  private final long events;
  private final LongSupplier ticker;
  private List<LakeFile> files = List.of();
  private long since;

  private CompactionRest(LakeReader lake, long events, LongSupplier ticker) {
    this.lake = lake;
    this.events = events;
    this.ticker = ticker;
  }

  /** Waits, and answers with the files of the events, which have not changed for a while. */
  static List<LakeFile> await(WeirProcess weir, LakeReader lake, long events, LongSupplier ticker)
      throws InterruptedException, TimeoutException {
    CompactionRest rest = new CompactionRest(lake, events, ticker);
    weir.await("compaction at rest", TO_REST, rest::look);
    return rest.files;
  }

  private boolean look() {
    try {
      List<LakeFile> now = lake.snapshot("default").events().files();
      if (!now.equals(files)) {
        files = now;
        since = ticker.getAsLong();
      }
    } catch (IOException e) {
      return false; // the table is not there yet
    }
    return files.stream().mapToLong(LakeFile::rows).sum() >= events
        && ticker.getAsLong() - since > RESTED.toNanos();
  }
}
