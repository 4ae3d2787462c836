package weir.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import weir.event.Position;
import weir.log.files.FileHandle;
import weir.log.files.MemoryFiles;

class DuplicateIndexTest {
  private static final Path DIRECTORY = Path.of("/data/duplicates");
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;
  private static final long DAY = 24 * HOUR;
  private static final long MIDNIGHT = Rig.micros(Instant.parse("2026-01-10T00:00:00Z"));

  private MemoryFiles files = durableParent();
  private InstantSource clock = InstantSource.fixed(Rig.NOW);

  private static MemoryFiles durableParent() {
    MemoryFiles files = new MemoryFiles();
    try {
      files.create(Path.of("/data/keep")).close();
      files.sync(Path.of("/data"));
      files.sync(Path.of("/"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return files;
  }

  private DuplicateIndex open(DuplicateOptions options) throws IOException {
    return DuplicateIndex.open(files, DIRECTORY, options, clock, new SimpleMeterRegistry());
  }

  private static Fingerprint id(int n) {
    return Fingerprint.of("shop", "id-" + n);
  }

  @Test
  void idsOfOtherProjectsAreOthers() throws IOException {
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      assertThat(index.accept(Fingerprint.of("shop", "a"), MIDNIGHT)).isTrue();
      assertThat(index.accept(Fingerprint.of("blog", "a"), MIDNIGHT)).isTrue();
      assertThat(index.accept(Fingerprint.of("sho", "pa"), MIDNIGHT)).isTrue();
      assertThat(index.accept(Fingerprint.of("shop", "a"), MIDNIGHT)).isFalse();
    }
  }

  @Test
  void windowIsKeptToTheMicrosecondAndEndsWithinASlice() throws IOException {
    for (boolean saved : new boolean[] {false, true}) {
      for (long at : new long[] {MIDNIGHT, MIDNIGHT + 5 * HOUR, MIDNIGHT + DAY - 1}) {
        assertThat(seenAfter(at, 7 * DAY, saved)).as("at the window's edge").isTrue();
        assertThat(seenAfter(at, 8 * DAY, saved)).as("a slice later").isFalse();
        assertThat(seenAfter(at, -HOUR, saved)).as("a clock that went back").isTrue();
      }
      assertThat(seenAfter(MIDNIGHT + DAY - 1, 7 * DAY + 1, saved)).isFalse();
      assertThat(seenAfter(MIDNIGHT, 7 * DAY + DAY - 1, saved)).isTrue();
    }
  }

  private boolean seenAfter(long at, long later, boolean saved) throws IOException {
    files.list(DIRECTORY).forEach(name -> delete(DIRECTORY.resolve(name)));
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      assertThat(index.accept(id(1), at)).isTrue();
      if (saved) {
        index.save(new Position(1));
      }
      return !index.accept(id(1), at + later);
    }
  }

  private void delete(Path file) {
    try {
      files.delete(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Against a set of everything, with saves, kills, power cuts, and the ids of the log again. */
  @Property(tries = 60)
  void answersAsASetOfEverythingDoes(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    files = durableParent();
    DuplicateOptions options =
        new DuplicateOptions(
            Duration.ofHours(1 + random.nextInt(48)), Duration.ofMinutes(30), 1_000);
    Map<Integer, Set<Long>> slices = new HashMap<>();
    Map<Long, Map.Entry<Integer, Long>> frames = new HashMap<>();
    long now = MIDNIGHT;
    clock = () -> Instant.parse("2027-01-01T00:00:00Z");
    DuplicateIndex index = open(options);
    long end = 0;
    for (int step = 0; step < 600; step++) {
      int n = random.nextInt(150);
      now += random.nextLong(-HOUR / 20, HOUR / 2);
      long at = now;
      long horizon = Math.floorDiv(at - options.window().toNanos() / 1_000, HOUR / 2);
      Set<Long> seen = slices.computeIfAbsent(n, key -> new HashSet<>());
      boolean expected = seen.stream().noneMatch(slice -> slice >= horizon);
      assertThat(index.accept(id(n), at)).as("step %d, id %d", step, n).isEqualTo(expected);
      if (expected) {
        seen.add(Math.floorDiv(at, HOUR / 2));
        frames.put(end++, Map.entry(n, at));
      }
      if (random.nextInt(20) == 0) {
        index = interrupt(index, options, random, end, frames);
      }
    }
  }

  private DuplicateIndex interrupt(
      DuplicateIndex index,
      DuplicateOptions options,
      Random random,
      long end,
      Map<Long, Map.Entry<Integer, Long>> frames)
      throws IOException {
    if (random.nextInt(3) == 0) {
      index.save(new Position(end));
      assertThat(index.holdsFrom()).isEqualTo(new Position(end));
      return index;
    }
    files.powerOffAfter(random.nextInt(25));
    try {
      index.save(new Position(end));
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
    files.crash(random);
    DuplicateIndex again = open(options);
    for (long at = again.holdsFrom().value(); at < end; at++) {
      Map.Entry<Integer, Long> frame = java.util.Objects.requireNonNull(frames.get(at));
      again.add(id(frame.getKey()), frame.getValue());
    }
    return again;
  }

  /** The process that made the folder was killed before it had synced the folder's entry. */
  @Property(tries = 20)
  void folderThatAnotherProcessMadeOutlivesAPowerCut(@ForAll long seed) throws IOException {
    files = durableParent();
    int syncs = syncsOfFirstSave();
    files = durableParent();
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      index.add(id(1), MIDNIGHT);
      files.failSyncs(n -> n == syncs - 1);
      assertThatThrownBy(() -> index.save(new Position(1))).isInstanceOf(IOException.class);
    }
    files.kill();
    files.failSyncs(n -> false);
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      assertThat(files.list(DIRECTORY)).isNotEmpty();
      index.add(id(2), MIDNIGHT);
      index.save(new Position(2));
    }
    files.crash(new Random(seed));
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      assertThat(index.holdsFrom()).isEqualTo(new Position(2));
      assertThat(index.accept(id(2), MIDNIGHT)).isFalse();
    }
  }

  private int syncsOfFirstSave() throws IOException {
    AtomicInteger syncs = new AtomicInteger();
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      index.add(id(1), MIDNIGHT);
      files.failSyncs(n -> syncs.incrementAndGet() < 0);
      index.save(new Position(1));
    }
    return syncs.get();
  }

  @Test
  void costsSixteenBytesOnDiskAndLittleMoreThanTwoInMemory() throws IOException {
    int ids = 200_000;
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    try (DuplicateIndex index =
        DuplicateIndex.open(files, DIRECTORY, DuplicateOptions.defaults(), clock, metrics)) {
      for (int i = 0; i < ids; i++) {
        assertThat(index.accept(id(i), MIDNIGHT + i)).isTrue();
        if (i % 9_000 == 0) {
          index.save(new Position(i));
        }
      }
      index.save(new Position(ids));
      assertThat(index.accept(id(77), MIDNIGHT + ids)).isFalse();
      long disk = 0;
      for (String name : files.list(DIRECTORY)) {
        try (FileHandle file = files.open(DIRECTORY.resolve(name))) {
          disk += file.size();
        }
      }
      assertThat(disk / (double) ids).isBetween(16.0, 16.1);
      assertThat(metrics.get("weir_duplicates_memory_bytes").gauge().value() / ids)
          .isBetween(1.9, 2.2);
      assertThat(files.list(DIRECTORY)).as("merged").hasSizeLessThan(12);
    }
  }

  @Test
  void pastSlicesAreMergedToOneFileAndThenForgotten() throws IOException {
    clock = () -> Rig.NOW.plus(Duration.ofDays(60));
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      int n = 0;
      for (int day = 0; day < 30; day++) {
        for (int save = 0; save < 3; save++) {
          for (int i = 0; i < (save == 1 ? 10 : 1); i++) {
            index.accept(id(n++), MIDNIGHT + day * DAY);
          }
          index.save(new Position(n));
        }
      }
      assertThat(files.list(DIRECTORY)).hasSizeBetween(9, 16);
    }
  }

  @Test
  void brokenRunIsUsedForWhatItHolds() throws IOException {
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      for (int i = 0; i < 1_000; i++) {
        index.accept(id(i), MIDNIGHT);
      }
      index.save(new Position(1));
    }
    String run = files.list(DIRECTORY).getFirst();
    try (FileHandle file = files.open(DIRECTORY.resolve(run))) {
      file.write(ByteBuffer.wrap(new byte[] {77}), DuplicateRun.HEADER + 15L);
    }
    int seen = 0;
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      for (int i = 0; i < 1_000; i++) {
        seen += index.accept(id(i), MIDNIGHT) ? 0 : 1;
      }
    }
    assertThat(seen).isBetween(999, 1_000);
  }

  @Test
  void brokenManifestIsRefused() throws IOException {
    try (DuplicateIndex index = open(DuplicateOptions.defaults())) {
      index.save(new Position(1));
    }
    try (FileHandle file = files.open(DIRECTORY.resolve(DuplicateManifest.NAME))) {
      file.write(ByteBuffer.wrap(new byte[] {'x'}), 20);
    }
    assertThatThrownBy(() -> open(DuplicateOptions.defaults()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("manifest");
  }
}
