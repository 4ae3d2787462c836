package weir.query.kept;

import java.util.Arrays;

/**
 * From which version of a stream to which each of its parts is seen. Never changed.
 *
 * @param born the first version
 * @param died the first version that has it no more; the largest number while there is none
 * @param rows how many rows
 */
record Lives(long[] born, long[] died, int[] rows) {
  static final Lives NONE = new Lives(new long[0], new long[0], new int[0]);

  private static final long ALIVE = Long.MAX_VALUE;

  int parts() {
    return born.length;
  }

  Lives with(long version, int[] dead, int[] newRows) {
    int count = parts();
    int all = count + newRows.length;
    long[] births = Arrays.copyOf(born, all);
    long[] deaths = Arrays.copyOf(died, all);
    int[] sizes = Arrays.copyOf(rows, all);
    Arrays.fill(births, count, all, version);
    Arrays.fill(deaths, count, all, ALIVE);
    System.arraycopy(newRows, 0, sizes, count, newRows.length);
    for (int part : dead) {
      deaths[part] = version;
    }
    return new Lives(births, deaths, sizes);
  }

  boolean[] seen(long version) {
    boolean[] seen = new boolean[parts()];
    for (int part = 0; part < seen.length; part++) {
      seen[part] = born[part] <= version && version < died[part];
    }
    return seen;
  }

  /** The parts that one version has and the other has not. */
  boolean[] between(long earlier, long later) {
    boolean[] changed = new boolean[parts()];
    for (int part = 0; part < changed.length; part++) {
      boolean before = born[part] <= earlier && earlier < died[part];
      boolean after = born[part] <= later && later < died[part];
      changed[part] = before != after;
    }
    return changed;
  }
}
