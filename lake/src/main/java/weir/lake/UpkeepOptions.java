package weir.lake;

import java.time.Duration;
import java.util.Optional;

/**
 * How tables are kept in order while they are written.
 *
 * @param fileBytes size of the files that compaction makes; files of half of it stay as they are
 * @param memoryBytes memory for sorting; what does not fit goes to the disk
 * @param quietDay a day that has not changed for so long is merged more thoroughly
 * @param snapshotAge how long a snapshot, and the files that only it has, stay after another one
 *     has replaced it; must exceed the time that a query may take
 * @param orphanAge files that nothing refers to are removed when they are older
 * @param keepEvents days of events that are older are dropped; empty keeps all
 * @param keepBadEvents the same for bad events
 */
public record UpkeepOptions(
    long fileBytes,
    long memoryBytes,
    Duration quietDay,
    Duration snapshotAge,
    Duration orphanAge,
    Optional<Duration> keepEvents,
    Optional<Duration> keepBadEvents) {
  /** What fits a machine of two cores and a few gigabytes. */
  public static final UpkeepOptions DEFAULT =
      new UpkeepOptions(
          128L << 20,
          512L << 20,
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofDays(1),
          Optional.empty(),
          Optional.of(Duration.ofDays(30)));

  public UpkeepOptions {
    require(fileBytes > 0, "fileBytes must be positive");
    require(memoryBytes > 0, "memoryBytes must be positive");
    require(!quietDay.isNegative(), "quietDay must not be negative");
    require(!snapshotAge.isNegative(), "snapshotAge must not be negative");
    require(!orphanAge.isNegative(), "orphanAge must not be negative");
    keepEvents.ifPresent(age -> require(age.isPositive(), "keepEvents: " + age));
    keepBadEvents.ifPresent(age -> require(age.isPositive(), "keepBadEvents: " + age));
  }

  /** Of its own: initializing LakeOptions from here would find no default upkeep yet. */
  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
