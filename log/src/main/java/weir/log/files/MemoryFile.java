package weir.log.files;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A file in memory: what processes see (the page cache) and what is on the disk, which differ by
 * the changes that were not synced. Guarded by its {@link MemoryFiles}.
 */
final class MemoryFile {
  private static final int SECTOR = 512;
  private static final int PAGE = 4096;

  /** A kernel does not hold dirty pages for ever: of more changes, the oldest are on the disk. */
  private static final int MOST_UNSYNCED = 256;

  private Bytes cache = new Bytes();
  private Bytes disk = new Bytes();
  private final Deque<Change> unsynced = new ArrayDeque<>();

  /** Changes whose sync has failed: clean in the cache, on the disk perhaps, synced never. */
  private final List<Change> lost = new ArrayList<>();

  /** A write of bytes at an offset, or a new size where there are none. */
  private static final class Change {
    private final long offset;
    private final byte @Nullable [] bytes;

    Change(long offset, byte @Nullable [] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }

    void apply(Bytes to) {
      if (bytes == null) {
        to.resize(offset);
      } else {
        to.write(offset, bytes);
      }
    }
  }

  private static final class Bytes {
    byte[] array = new byte[0];
    int size;

    void resize(long to) {
      int wanted = Math.toIntExact(to);
      if (wanted > array.length) {
        array = Arrays.copyOf(array, Math.max(wanted, 2 * array.length));
      }
      if (wanted < size) {
        Arrays.fill(array, wanted, size, (byte) 0);
      }
      size = wanted;
    }

    void write(long offset, byte[] bytes) {
      resize(Math.max(size, offset + bytes.length));
      System.arraycopy(bytes, 0, array, (int) offset, bytes.length);
    }

    Bytes copy() {
      Bytes copy = new Bytes();
      copy.array = Arrays.copyOf(array, size);
      copy.size = size;
      return copy;
    }
  }

  int size() {
    return cache.size;
  }

  void write(long offset, byte[] bytes) {
    change(new Change(offset, bytes));
  }

  void truncate(long size) {
    if (size < cache.size) {
      change(new Change(size, null));
    }
  }

  int read(ByteBuffer into, long offset) {
    int n = (int) Math.clamp(cache.size - offset, 0, into.remaining());
    if (n > 0) {
      into.put(cache.array, (int) offset, n);
    }
    return n;
  }

  void sync() {
    unsynced.forEach(change -> change.apply(disk));
    unsynced.clear();
    lost.clear();
  }

  void failSync() {
    lost.addAll(unsynced);
    unsynced.clear();
  }

  private void change(Change change) {
    change.apply(cache);
    unsynced.add(change);
    if (unsynced.size() > MOST_UNSYNCED) {
      unsynced.remove().apply(disk);
    }
  }

  /**
   * Leaves what a power cut might: the size and every sector or page is as it was after any one of
   * the changes since the last sync, each for itself; new blocks that were not written hold zeros
   * or what was there before.
   */
  void crash(RandomGenerator random) {
    List<Change> changes = new ArrayList<>(lost);
    changes.addAll(unsynced);
    if (!changes.isEmpty()) {
      disk = torn(history(changes), random);
    }
    lost.clear();
    unsynced.clear();
    cache = disk.copy();
  }

  private List<Bytes> history(List<Change> changes) {
    List<Bytes> states = new ArrayList<>();
    Bytes state = disk.copy();
    states.add(state);
    for (Change change : changes) {
      state = state.copy();
      change.apply(state);
      states.add(state);
    }
    return states;
  }

  private static Bytes torn(List<Bytes> states, RandomGenerator random) {
    int unit = random.nextBoolean() ? SECTOR : PAGE;
    boolean garbage = random.nextInt(4) == 0;
    Bytes result = new Bytes();
    result.resize(pick(states, random).size);
    for (int from = 0; from < result.size; from += unit) {
      Bytes chosen = pick(states, random);
      int to = Math.min(from + unit, result.size);
      int there = Math.clamp(chosen.size, from, to);
      if (there > from) {
        System.arraycopy(chosen.array, from, result.array, from, there - from);
      } else if (garbage) {
        byte[] old = new byte[to - from];
        random.nextBytes(old);
        System.arraycopy(old, 0, result.array, from, old.length);
      }
    }
    return result;
  }

  /** Often the first or the last, so that whole losses and whole successes are met as well. */
  private static Bytes pick(List<Bytes> states, RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> states.getFirst();
      case 1 -> states.getLast();
      default -> states.get(random.nextInt(states.size()));
    };
  }
}
