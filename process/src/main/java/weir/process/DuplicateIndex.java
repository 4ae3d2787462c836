package weir.process;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.EpochMicros;
import weir.event.Position;
import weir.log.files.Files;

/**
 * The ids of accepted events, by project, within a window of received_at.
 *
 * <p>New ids are kept in a table in memory. {@link #save} writes them to one sorted file for each
 * slice of time and replaces the manifest, which says which clean-log position the files cover; the
 * clean log from there on is held, and at start gives back what was only in memory. What is on disk
 * never holds an id whose frame is not durable: such an event would meet itself after a restart.
 *
 * <p>Files of one slice are merged when they are of similar size, so that there are logarithmically
 * many (a log-structured merge tree), and to one once the slice is past. A file costs 16 bytes an
 * id on disk and 2 in memory. A slice is forgotten with its files.
 *
 * <p>Used by one thread, but for {@link #holdsFrom}.
 */
public final class DuplicateIndex implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DuplicateIndex.class);
  private static final int SIMILAR = 3;

  private final Files files;
  private final Path directory;
  private final DuplicateOptions options;
  private final InstantSource clock;
  private final Gauges gauges;
  private final FingerprintTable table = new FingerprintTable();
  private final long windowMicros;
  private final long sliceMicros;

  /** By slice, newest first; within a slice newest first too. */
  private List<DuplicateRun> runs = new ArrayList<>();

  private boolean parentSynced;
  private long nextNumber;
  private volatile Position savedUpTo;
  private volatile long memoryBytes;
  private volatile long saved;

  private DuplicateIndex(
      Files files,
      Path directory,
      DuplicateOptions options,
      InstantSource clock,
      MeterRegistry metrics,
      DuplicateManifest manifest) {
    this.files = files;
    this.directory = directory;
    this.options = options;
    this.clock = clock;
    this.gauges = new Gauges(metrics);
    this.windowMicros = micros(options.window());
    this.sliceMicros = micros(options.slice());
    this.savedUpTo = manifest.upTo();
    this.nextNumber = manifest.nextNumber();
  }

  private static long micros(Duration duration) {
    return TimeUnit.SECONDS.toMicros(duration.toSeconds())
        + TimeUnit.NANOSECONDS.toMicros(duration.toNanosPart());
  }

  /**
   * Opens the index of a directory, empty if there is none. It knows the ids before {@link
   * #holdsFrom}; the processor adds those of the clean log from there on.
   *
   * @throws IOException also when the manifest is broken; the directory may then be deleted, and
   *     ids older than the clean log's earliest frame are forgotten
   */
  public static DuplicateIndex open(
      Files files,
      Path directory,
      DuplicateOptions options,
      InstantSource clock,
      MeterRegistry metrics)
      throws IOException {
    Optional<DuplicateManifest> found = DuplicateManifest.read(files, directory);
    DuplicateManifest manifest =
        found.orElseGet(() -> new DuplicateManifest(Position.START, 1, List.of()));
    DuplicateIndex index = new DuplicateIndex(files, directory, options, clock, metrics, manifest);
    index.load(manifest);
    index.gauges.add("weir_duplicates_saved", "Event ids on disk", () -> index.saved);
    index.gauges.add(
        "weir_duplicates_memory_bytes",
        "Memory of the filters over the event ids on disk",
        () -> index.memoryBytes);
    return index;
  }

  private void load(DuplicateManifest manifest) throws IOException {
    Set<String> orphans = new HashSet<>(files.list(directory));
    orphans.remove(DuplicateManifest.NAME);
    manifest.runs().forEach(orphans::remove);
    for (String orphan : orphans) {
      files.delete(directory.resolve(orphan));
    }
    List<DuplicateRun> opened = new ArrayList<>();
    for (String name : manifest.runs()) {
      DuplicateRun run = DuplicateRun.open(files, directory, name);
      if (!run.intact()) {
        LOG.error("{} is damaged; duplicates of some of its ids may pass", name);
      }
      opened.add(run);
    }
    use(opened);
  }

  private void use(List<DuplicateRun> opened) {
    opened.sort(
        Comparator.comparingInt(DuplicateRun::slice)
            .reversed()
            .thenComparing(Comparator.comparing(DuplicateRun::name).reversed()));
    runs = opened;
    saved = opened.stream().mapToLong(DuplicateRun::count).sum();
    memoryBytes = opened.stream().mapToLong(DuplicateRun::memoryBytes).sum();
  }

  /** The clean-log position from which frames are still needed at the next start. */
  public Position holdsFrom() {
    return savedUpTo;
  }

  /** Whether so much is only in memory that it should be saved. */
  public boolean full() {
    return table.size() >= options.unsaved();
  }

  private int slice(long micros) {
    long slice = Math.floorDiv(micros, sliceMicros);
    return Math.clamp(slice, Integer.MIN_VALUE + 1, Integer.MAX_VALUE);
  }

  /** The oldest slice that an event received then may meet its id in. */
  private int horizon(long receivedAt) {
    return slice(Math.max(receivedAt, Long.MIN_VALUE + windowMicros) - windowMicros);
  }

  /**
   * Takes an event's id if the window does not hold it.
   *
   * @param receivedAt microseconds since 1970
   * @return whether it was taken; false for a duplicate
   */
  public boolean accept(String project, String eventId, long receivedAt) throws IOException {
    return accept(Fingerprint.of(project, eventId), receivedAt);
  }

  /** Takes an event's id, as its fingerprint, if the window does not hold it. */
  boolean accept(Fingerprint id, long receivedAt) throws IOException {
    int horizon = horizon(receivedAt);
    if (table.slice(id.high(), id.low()) >= horizon) {
      return false;
    }
    for (DuplicateRun run : runs) {
      if (run.slice() < horizon) {
        break;
      }
      if (run.holds(id.high(), id.low())) {
        return false;
      }
    }
    add(id, receivedAt);
    return true;
  }

  /** Takes the id of an event that was accepted before. */
  void add(Fingerprint id, long receivedAt) {
    table.put(id.high(), id.low(), slice(receivedAt));
  }

  /**
   * Makes durable what is known. What failed may be tried again.
   *
   * @param upTo the clean-log position that all ids taken so far lie before, itself durable, and
   *     none that was taken lies after
   */
  public void save(Position upTo) throws IOException {
    List<DuplicateRun> kept = new ArrayList<>(runs);
    List<DuplicateRun> replaced = new ArrayList<>();
    forget(kept, replaced);
    try {
      for (int slice : table.slicesInUse()) {
        write(slice, FingerprintOrder.of(table.sorted(slice)), table.size(), kept, replaced);
      }
      mergePast(kept, replaced);
      publish(upTo, kept, replaced);
    } catch (IOException e) {
      discardBegun(kept, e);
      throw e;
    }
    table.clear();
    use(kept, replaced);
  }

  private void publish(Position upTo, List<DuplicateRun> kept, List<DuplicateRun> replaced)
      throws IOException {
    if (kept.size() != runs.size() || !replaced.isEmpty()) {
      files.sync(directory);
    }
    List<String> names = kept.stream().map(DuplicateRun::name).toList();
    new DuplicateManifest(upTo, nextNumber, names).write(files, directory);
    syncParent();
    savedUpTo = upTo;
  }

  /** Deletes what was written and is in no manifest: a full disk has no room for it. */
  private void discardBegun(List<DuplicateRun> kept, IOException cause) {
    kept.removeAll(runs);
    try {
      List<String> named =
          DuplicateManifest.read(files, directory).map(DuplicateManifest::runs).orElse(List.of());
      for (DuplicateRun run : kept) {
        run.close();
        if (!named.contains(run.name())) {
          files.delete(directory.resolve(run.name()));
        }
      }
    } catch (IOException e) {
      cause.addSuppressed(e); // deleted when it is opened the next time
    }
  }

  private void use(List<DuplicateRun> kept, List<DuplicateRun> replaced) throws IOException {
    use(kept);
    for (DuplicateRun run : replaced) {
      run.close();
      files.delete(directory.resolve(run.name()));
    }
  }

  /**
   * Gives ids back: they may come once more. Whether it is done is certain when this returns; after
   * a crash before, all of them are known, or none.
   *
   * @param ids of events that were received in the span
   * @param from microseconds since 1970, the earliest of them
   * @param to the latest
   * @param upTo as for {@link #save}
   */
  void giveBack(FingerprintSet ids, long from, long to, Position upTo) throws IOException {
    save(upTo);
    List<DuplicateRun> kept = new ArrayList<>(runs);
    List<DuplicateRun> replaced = new ArrayList<>();
    try {
      for (DuplicateRun run : runs) {
        boolean within = run.slice() >= slice(from) && run.slice() <= slice(to);
        if (within) {
          leaveOut(ids, run, kept, replaced);
        }
      }
      if (!replaced.isEmpty()) {
        publish(upTo, kept, replaced);
      }
    } catch (IOException e) {
      discardBegun(kept, e);
      throw e;
    }
    use(kept, replaced);
  }

  private void leaveOut(
      FingerprintSet ids, DuplicateRun run, List<DuplicateRun> kept, List<DuplicateRun> replaced)
      throws IOException {
    long gone = countOf(run, ids);
    if (gone == 0) {
      return;
    }
    kept.remove(run);
    replaced.add(run);
    if (gone < run.count()) {
      kept.add(write(run.slice(), ids.leftOutOf(run.scan())));
    }
  }

  private static long countOf(DuplicateRun run, FingerprintSet ids) throws IOException {
    long count = 0;
    for (FingerprintOrder all = run.scan(); all.next(); ) {
      count += ids.holds(all.high(), all.low()) ? 1 : 0;
    }
    return count;
  }

  /** Once a process: whether one before it came so far cannot be seen. */
  private void syncParent() throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (!parentSynced && parent != null) {
      files.sync(parent);
      parentSynced = true;
    }
  }

  /**
   * Leaves out what is past every window, by the newest event or by the clock, whichever is
   * earlier: neither a lag nor one collector's wrong clock forgets too much.
   */
  private void forget(List<DuplicateRun> kept, List<DuplicateRun> replaced) {
    int[] unsaved = table.slicesInUse();
    int newest = unsaved.length == 0 ? Integer.MIN_VALUE : unsaved[unsaved.length - 1];
    if (!runs.isEmpty()) {
      newest = Math.max(newest, runs.getFirst().slice());
    }
    long now = EpochMicros.of(clock.instant());
    long windowSlices = Math.ceilDiv(windowMicros, sliceMicros) + 1;
    long oldest = Math.min(newest, slice(now)) - windowSlices;
    for (DuplicateRun run : List.copyOf(kept)) {
      if (run.slice() < oldest) {
        kept.remove(run);
        replaced.add(run);
      }
    }
  }

  /** Writes fingerprints of a slice, together with those of its files that are of similar size. */
  private void write(
      int slice,
      FingerprintOrder added,
      long count,
      List<DuplicateRun> kept,
      List<DuplicateRun> replaced)
      throws IOException {
    List<FingerprintOrder> parts = new ArrayList<>(List.of(added));
    long together = count;
    for (DuplicateRun run : ofSlice(kept, slice)) {
      if (run.count() >= SIMILAR * together) {
        break;
      }
      together += run.count();
      parts.add(run.scan());
      kept.remove(run);
      replaced.add(run);
    }
    kept.add(write(slice, FingerprintOrder.merged(parts)));
  }

  /** One file is enough for a slice that nothing is added to any more. */
  private void mergePast(List<DuplicateRun> kept, List<DuplicateRun> replaced) throws IOException {
    int newest = kept.stream().mapToInt(DuplicateRun::slice).max().orElse(0);
    List<Integer> past =
        kept.stream()
            .map(DuplicateRun::slice)
            .filter(slice -> slice < newest - 1)
            .distinct()
            .toList();
    for (int slice : past) {
      List<DuplicateRun> several = ofSlice(kept, slice);
      if (several.size() > 1) {
        List<FingerprintOrder> parts = new ArrayList<>();
        several.forEach(run -> parts.add(run.scan()));
        kept.removeAll(several);
        replaced.addAll(several);
        kept.add(write(slice, FingerprintOrder.merged(parts)));
      }
    }
  }

  /** A slice's files, newest first. */
  private static List<DuplicateRun> ofSlice(List<DuplicateRun> kept, int slice) {
    return kept.stream()
        .filter(run -> run.slice() == slice)
        .sorted(Comparator.comparing(DuplicateRun::name).reversed())
        .toList();
  }

  private DuplicateRun write(int slice, FingerprintOrder fingerprints) throws IOException {
    String name = String.format(Locale.ROOT, "ids-%012d", nextNumber++);
    try (DuplicateRun.Writer writer =
        new DuplicateRun.Writer(files, directory.resolve(name), slice)) {
      while (fingerprints.next()) {
        writer.add(fingerprints.high(), fingerprints.low());
      }
      writer.finish();
    } catch (IOException e) {
      files.delete(directory.resolve(name));
      throw e;
    }
    return DuplicateRun.open(files, directory, name);
  }

  /** Closes the files. What was not saved is in the clean log. */
  @Override
  public void close() throws IOException {
    gauges.close();
    IOException failed = null;
    for (DuplicateRun run : runs) {
      try {
        run.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
