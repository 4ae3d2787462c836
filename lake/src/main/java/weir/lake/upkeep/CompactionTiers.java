package weir.lake.upkeep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import weir.lake.LakeFile;

/**
 * Picks which of a day's files to merge into one.
 *
 * <p>Files are in tiers by their number of rows: tier k has from fan^k to fan^(k+1) - 1 rows. Where
 * a tier has {@code fan} files they are merged, and so are those of the next tier if with the
 * result it has as many, and so on. The result has at least fan^(k+1) rows, so each time that a row
 * is written again it moves to a higher tier: at most log(n) times, to the base of the fan. Rows
 * are counted, not bytes, since files shrink when they are merged, and then might never leave a
 * tier. A day that changes is merged with a wide fan, and at most {@code (fan - 1) * tiers} small
 * files remain of it; one that rests with a fan of 2, after which each file has at least as many
 * rows as the power of two that only it reaches.
 *
 * <p>Files of half the target size or more are left alone, and no more is merged at once than makes
 * one file of the target size. Where that cuts a merge short, the result is such a file, but for
 * what it shrinks.
 */
final class CompactionTiers {
  static final int WIDE_FAN = 8;
  static final int NARROW_FAN = 2;

  /** Files that are open together at most. */
  private static final int MAX_FILES = 256;

  private final long targetBytes;

  CompactionTiers(long targetBytes) {
    this.targetBytes = targetBytes;
  }

  /** The files to merge, none or at least two. */
  List<LakeFile> pick(List<LakeFile> day, int fan) {
    SortedMap<Integer, List<LakeFile>> tiers = new TreeMap<>();
    for (LakeFile file : day) {
      if (file.bytes() < targetBytes / 2) {
        tiers.computeIfAbsent(tier(file.rows(), fan), tier -> new ArrayList<>()).add(file);
      }
    }
    List<LakeFile> picked = new ArrayList<>();
    int next = 0;
    for (Map.Entry<Integer, List<LakeFile>> tier : tiers.entrySet()) {
      List<LakeFile> files = tier.getValue();
      if (picked.isEmpty() && files.size() < fan) {
        continue;
      }
      if (!picked.isEmpty() && !joins(tier.getKey(), files.size(), next, fan)) {
        break;
      }
      if (addSome(picked, files) < files.size()) {
        break;
      }
      next = tier(rows(picked), fan);
    }
    return picked.size() < 2 ? List.of() : picked;
  }

  /** Whether the files of a tier move up when they are merged with a result of another tier. */
  private static boolean joins(int tier, int files, int result, int fan) {
    return tier < result || files + (tier == result ? 1 : 0) >= fan;
  }

  /** Adds the smallest files, as many as fit; once there are others, all or none. */
  private int addSome(List<LakeFile> picked, List<LakeFile> files) {
    if (!picked.isEmpty()) {
      if (!fits(picked, files)) {
        return 0;
      }
      picked.addAll(files);
      return files.size();
    }
    files.sort(Comparator.comparingLong(LakeFile::rows));
    for (LakeFile file : files) {
      if (!fits(picked, List.of(file))) {
        break;
      }
      picked.add(file);
    }
    return picked.size();
  }

  private boolean fits(List<LakeFile> picked, List<LakeFile> more) {
    return picked.size() + more.size() <= MAX_FILES && bytes(picked) + bytes(more) <= targetBytes;
  }

  private static long bytes(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::bytes).sum();
  }

  private static long rows(List<LakeFile> files) {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }

  /** The logarithm of a number of rows, rounded down. */
  static int tier(long rows, int fan) {
    int tier = 0;
    for (long left = rows; left >= fan; left /= fan) {
      tier++;
    }
    return tier;
  }
}
