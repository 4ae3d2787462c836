package weir.lake.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import weir.lake.LakeFile;

/** A day whose files come, shrink when they are merged, and rest at times. */
final class CompactionTiersProperty {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
  private static final int ROW_BYTES = 100;

  /** For each file: how many rows, and the most times that any of them was written again. */
  private final Map<Path, Integer> rewrites = new HashMap<>();

  private List<LakeFile> files = new ArrayList<>();
  private int number;

  @Property(tries = 300)
  void rowsAreRewrittenALogarithmicNumberOfTimes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int commits) {
    CompactionTiersProperty day = new CompactionTiersProperty();
    Random random = new Random(seed);
    CompactionTiers tiers = new CompactionTiers(Long.MAX_VALUE / 4);
    boolean rests = random.nextBoolean();
    long rows = 0;
    for (int i = 0; i < commits; i++) {
      long some = 1 + random.nextInt(random.nextInt(20) == 0 ? 100_000 : 500);
      day.add(some, some * ROW_BYTES + 3000, 0);
      rows += some;
      boolean narrow = rests && random.nextInt(10) == 0;
      day.mergeAll(tiers, narrow ? CompactionTiers.NARROW_FAN : CompactionTiers.WIDE_FAN, random);
    }
    int fan = rests ? CompactionTiers.NARROW_FAN : CompactionTiers.WIDE_FAN;
    assertThat(day.rewrites.values()).allMatch(n -> n <= CompactionTiers.tier(day.rows(), fan));
    assertThat(day.rows()).isEqualTo(rows);
    int most = CompactionTiers.tier(rows, CompactionTiers.WIDE_FAN) + 1;
    assertThat(day.files.size()).isLessThanOrEqualTo(most * (CompactionTiers.WIDE_FAN - 1));
  }

  @Property(tries = 300)
  void aRestingDayKeepsOneFileOfEachPowerOfTwo(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2000) int commits) {
    CompactionTiersProperty day = new CompactionTiersProperty();
    Random random = new Random(seed);
    CompactionTiers tiers = new CompactionTiers(Long.MAX_VALUE / 4);
    for (int i = 0; i < commits; i++) {
      day.add(1 + random.nextInt(5000), 10_000, 0);
    }
    day.mergeAll(tiers, CompactionTiers.NARROW_FAN, random);
    assertThat(day.files.stream().map(f -> CompactionTiers.tier(f.rows(), 2)).distinct())
        .hasSize(day.files.size());
  }

  @Property(tries = 300)
  void nothingLargerThanTheTargetIsMadeAndNothingLargeIsTouched(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2000) int commits) {
    CompactionTiersProperty day = new CompactionTiersProperty();
    Random random = new Random(seed);
    long target = 1_000_000L + random.nextInt(5_000_000);
    CompactionTiers tiers = new CompactionTiers(target);
    for (int i = 0; i < commits; i++) {
      long rows = 1 + random.nextInt(20_000);
      day.add(rows, rows * ROW_BYTES, 0);
      int fan = random.nextInt(5) == 0 ? CompactionTiers.NARROW_FAN : CompactionTiers.WIDE_FAN;
      List<LakeFile> picked = tiers.pick(day.files, fan);
      if (!picked.isEmpty()) {
        assertThat(picked).hasSizeGreaterThan(1).doesNotHaveDuplicates();
        assertThat(day.files).containsAll(picked);
        assertThat(picked).allMatch(file -> file.bytes() < target / 2);
        assertThat(picked.stream().mapToLong(LakeFile::bytes).sum()).isLessThanOrEqualTo(target);
      }
      day.mergeAll(tiers, fan, random);
    }
    int bound = 4 * CompactionTiers.WIDE_FAN + CompactionTiers.tier(day.rows(), 2);
    assertThat(day.rewrites.values()).allMatch(n -> n <= bound);
  }

  private void add(long rows, long bytes, int rewritten) {
    Path path = Path.of("/day/" + number++);
    files.add(new LakeFile(path, rows, bytes, DAY));
    rewrites.put(path, rewritten);
  }

  private long rows() {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }

  private void mergeAll(CompactionTiers tiers, int fan, Random random) {
    for (List<LakeFile> picked = tiers.pick(files, fan);
        !picked.isEmpty();
        picked = tiers.pick(files, fan)) {
      List<LakeFile> merged = picked;
      files =
          files.stream()
              .filter(file -> !merged.contains(file))
              .collect(Collectors.toCollection(ArrayList::new));
      int most = 0;
      for (LakeFile file : picked) {
        most = Math.max(most, rewrites.getOrDefault(file.path(), 0));
        rewrites.remove(file.path());
      }
      long bytes = picked.stream().mapToLong(LakeFile::bytes).sum();
      add(
          picked.stream().mapToLong(LakeFile::rows).sum(),
          (long) (bytes * (0.3 + 0.7 * random.nextDouble())),
          most + 1);
    }
  }
}
