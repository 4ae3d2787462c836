package weir.testkit.powercut;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One file on the disk: what is durable, and what was done to it since. */
final class FileImage {
  static final int SECTOR = 512;
  static final int PAGE = 4096;

  private final Contents durable = new Contents();
  private final List<Operation.Data> pending = new ArrayList<>();

  void add(Operation.Data change) {
    pending.add(change);
  }

  List<Operation.Data> completedBy(long step) {
    return pending.stream().filter(change -> change.completed() <= step).toList();
  }

  void makeDurable(List<Operation.Data> changes) {
    for (Operation.Data change : changes) {
      if (pending.remove(change)) {
        durable.apply(change);
      }
    }
  }

  /**
   * What a power cut may leave. One time in four everything, one in four only what is durable, one
   * in four a prefix of the changes with the last of them torn; else every page, or every sector,
   * is as it was after a change of its own, with any size the file has had since its last fsync.
   */
  byte[] cut(SplittableRandom random) {
    if (pending.isEmpty()) {
      return durable.toArray();
    }
    return switch (random.nextInt(8)) {
      case 0, 1 -> durable.toArray();
      case 2, 3 -> after(pending.size()).toArray();
      case 4, 5 -> tornPrefix(random);
      case 6 -> scattered(random, PAGE);
      default -> scattered(random, SECTOR);
    };
  }

  private Contents after(int changes) {
    Contents contents = durable.copy();
    pending.subList(0, changes).forEach(contents::apply);
    return contents;
  }

  private byte[] tornPrefix(SplittableRandom random) {
    int whole = random.nextInt(pending.size());
    Contents torn = after(whole);
    if (!(pending.get(whole) instanceof Operation.Write write)) {
      return torn.toArray();
    }
    int begin = Math.toIntExact(write.offset());
    int end = begin + write.data().length;
    int sectors = (begin + random.nextInt(write.data().length + 1)) / SECTOR * SECTOR;
    int kept = Math.clamp(sectors, begin, end);
    torn.write(begin, Arrays.copyOf(write.data(), kept - begin));
    byte[] bytes = torn.toArray();
    if (bytes.length < end && random.nextBoolean()) {
      int had = bytes.length;
      bytes = Arrays.copyOf(bytes, end);
      fill(bytes, had, end, random);
    }
    return bytes;
  }

  private byte[] scattered(SplittableRandom random, int block) {
    List<Contents> versions = versions(random);
    byte[] result = new byte[versions.get(random.nextInt(versions.size())).size()];
    for (int at = 0; at < result.length; at += block) {
      int end = Math.min(result.length, at + block);
      Contents chosen = versions.get(random.nextInt(versions.size()));
      int has = Math.clamp(chosen.size(), at, end);
      chosen.copyTo(result, at, has);
      fill(result, Math.max(has, Math.min(durable.size(), end)), end, random);
    }
    return result;
  }

  /** The durable bytes, the newest ones, and a few states between them. */
  private List<Contents> versions(SplittableRandom random) {
    List<Contents> versions = new ArrayList<>();
    versions.add(durable);
    for (int i = 0; i < Math.min(3, pending.size() - 1); i++) {
      versions.add(after(1 + random.nextInt(pending.size() - 1)));
    }
    versions.add(after(pending.size()));
    return versions;
  }

  /** Space that was given to a file without its data reads as zeros, or as what lay there. */
  private static void fill(byte[] bytes, int from, int to, SplittableRandom random) {
    if (from < to && random.nextBoolean()) {
      byte[] garbage = new byte[to - from];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, bytes, from, garbage.length);
    }
  }
}
