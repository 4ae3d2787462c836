package weir.query.kept;

import java.util.function.IntFunction;

/**
 * Rows of some parts of a stream. Never changed.
 *
 * @param firstPart the lowest number of a part
 * @param endPart one more than the highest
 */
record Level(RowStore store, long rows, int firstPart, int endPart) {
  /** Rows of a partition on disk, which come to memory all at once. */
  private static final int MOST_AT_ONCE = 1_000_000;

  static Level of(RowStore store, int firstPart, int endPart) {
    long rows = 0;
    for (int partition = 0; partition < Rows.PARTITIONS; partition++) {
      rows += store.size(partition);
    }
    return new Level(store, rows, firstPart, endPart);
  }

  static Level of(Rows[] partitions, int firstPart, int endPart) {
    return of(new RowStore.InMemory(partitions), firstPart, endPart);
  }

  /** The rows of a partition. */
  Rows rows(int partition) {
    return store.rows(partition);
  }

  /** The memory that it takes, approximately. */
  long bytes() {
    return store.bytes() + 2_000;
  }

  boolean isOnDisk() {
    return store.diskBytes() > 0;
  }

  /**
   * The same rows on disk.
   *
   * @throws TooLargeException if there is no room
   */
  Level moved(RowDisk disk) {
    return new Level(disk.write(rows, store::rows), rows, firstPart, endPart);
  }

  boolean hasAny(boolean[] parts) {
    for (int part = firstPart; part < endPart; part++) {
      if (parts[part]) {
        return true;
      }
    }
    return false;
  }

  boolean hasAll(boolean[] parts) {
    for (int part = firstPart; part < endPart; part++) {
      if (!parts[part]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The rows of both but those of some parts: on disk if those of one are there.
   *
   * @throws TooLargeException if there is no room
   */
  static Level merged(Level one, Level other, boolean[] without, RowDisk disk) {
    long most = one.rows + other.rows;
    boolean onDisk = one.isOnDisk() || other.isOnDisk();
    IntFunction<Rows> merged =
        partition -> {
          if (onDisk && one.store.size(partition) + other.store.size(partition) > MOST_AT_ONCE) {
            throw new TooLargeException();
          }
          return RowMerge.merged(one.rows(partition), other.rows(partition), without);
        };
    RowStore store = onDisk ? disk.write(most, merged) : RowStore.inMemory(most, merged);
    return of(
        store, Math.min(one.firstPart, other.firstPart), Math.max(one.endPart, other.endPart));
  }
}
