package weir.query.kept;

import java.util.Arrays;

/**
 * From which version of a stream to which each of its parts is seen. Never changed.
 *
 * @param born the first version
 * @param died the first version that has it no more; the largest number while there is none
 * @param parts the rows of each
 */
record Lives(long[] born, long[] died, PartRows[] parts) {
  static final Lives NONE = new Lives(new long[0], new long[0], new PartRows[0]);

  private static final long ALIVE = Long.MAX_VALUE;

  int count() {
    return born.length;
  }

  Lives with(long version, int[] dead, PartRows[] added) {
    int count = count();
    int all = count + added.length;
    long[] births = Arrays.copyOf(born, all);
    long[] deaths = Arrays.copyOf(died, all);
    PartRows[] rows = Arrays.copyOf(parts, all);
    Arrays.fill(births, count, all, version);
    Arrays.fill(deaths, count, all, ALIVE);
    System.arraycopy(added, 0, rows, count, added.length);
    for (int part : dead) {
      deaths[part] = version;
    }
    return new Lives(births, deaths, rows);
  }

  /** The lowest number of a row of each part. */
  int[] firsts() {
    int[] firsts = new int[count()];
    for (int part = 0; part < firsts.length; part++) {
      firsts[part] = parts[part].first();
    }
    return firsts;
  }

  /** Whether a part is there and has rows. */
  boolean hasRows(int part) {
    return died[part] == ALIVE && parts[part].rows() > 0;
  }

  boolean[] seen(long version) {
    boolean[] seen = new boolean[count()];
    for (int part = 0; part < seen.length; part++) {
      seen[part] = born[part] <= version && version < died[part];
    }
    return seen;
  }

  /** The parts that one version has and the other has not. */
  boolean[] between(long earlier, long later) {
    boolean[] changed = new boolean[count()];
    for (int part = 0; part < changed.length; part++) {
      boolean before = born[part] <= earlier && earlier < died[part];
      boolean after = born[part] <= later && later < died[part];
      changed[part] = before != after;
    }
    return changed;
  }
}
