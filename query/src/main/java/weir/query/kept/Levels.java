package weir.query.kept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Merges levels, as in a log-structured merge tree: each is much smaller than the one before. */
final class Levels {
  /** How much smaller, at least. */
  static final int GROWTH = 4;

  private Levels() {}

  /**
   * Merges levels of like size, or all of them, as far as there is room.
   *
   * @param gone parts whose rows are left out
   */
  static List<Level> merged(List<Level> some, boolean[] gone, boolean all, RowDisk disk) {
    List<Level> merged = new ArrayList<>(some);
    while (merged.size() > 1) {
      Level last = merged.getLast();
      Level before = merged.get(merged.size() - 2);
      if (!all && GROWTH * last.rows() < before.rows()) {
        break;
      }
      Level both;
      try {
        both = Level.merged(before, last, gone, disk);
      } catch (TooLargeException e) {
        break; // they are as good apart
      }
      merged.removeLast();
      merged.removeLast();
      merged.add(both);
    }
    return List.copyOf(merged);
  }

  /** A level without the rows of some parts, if there is room. */
  static List<Level> rewritten(Level level, boolean[] gone, RowDisk disk) {
    Rows[] none = new Rows[Rows.PARTITIONS];
    Arrays.fill(none, Rows.NONE);
    Level empty = Level.of(none, level.firstPart(), level.endPart());
    return merged(List.of(level, empty), gone, true, disk);
  }
}
