package weir.query.kept;

import java.util.function.IntFunction;

/** The rows of a level, partition by partition. Never changed; for any thread. */
interface RowStore {
  /** How many rows a partition has. */
  int size(int partition);

  /** The rows of a partition. */
  Rows rows(int partition);

  /** Rows of the partition of a person, its own among them. */
  Rows rowsOf(long person);

  /** The memory that they take, approximately. */
  long bytes();

  /** The room on disk that they take. */
  long diskBytes();

  /**
   * Rows in memory.
   *
   * @param most how many there may be
   * @param partitions gives those of each; called by several threads
   */
  static RowStore inMemory(long most, IntFunction<Rows> partitions) {
    Rows[] rows = new Rows[Rows.PARTITIONS];
    Partitions.each(most, () -> partition -> rows[partition] = partitions.apply(partition));
    return new InMemory(rows);
  }

  /** Rows in memory. */
  record InMemory(Rows[] partitions) implements RowStore {
    private static final long OVERHEAD = 150;

    @Override
    public int size(int partition) {
      return partitions[partition].size();
    }

    @Override
    public Rows rows(int partition) {
      return partitions[partition];
    }

    @Override
    public Rows rowsOf(long person) {
      return partitions[Rows.partition(person)];
    }

    @Override
    public long bytes() {
      long rows = 0;
      for (Rows each : partitions) {
        rows += each.size();
      }
      return rows * Rows.BYTES + OVERHEAD * Math.min(rows, Rows.PARTITIONS);
    }

    @Override
    public long diskBytes() {
      return 0;
    }
  }
}
