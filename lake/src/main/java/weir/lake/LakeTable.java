package weir.lake;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import weir.event.Positions;

/**
 * One table as one commit left it.
 *
 * @param columns the current columns, in table order
 * @param files all files of the table, none twice
 * @param position the clean-log position up to which the files hold everything
 * @param loadedTotal rows ever appended
 * @param duplicatesRemoved rows that compaction has removed since the same event was there already
 * @param expired rows that were removed because of their age
 * @param erased rows that were removed because somebody asked for it
 */
public record LakeTable(
    List<LakeColumn> columns,
    List<LakeFile> files,
    Positions position,
    long loadedTotal,
    long duplicatesRemoved,
    long expired,
    long erased) {
  public LakeTable {
    columns = List.copyOf(columns);
    files = List.copyOf(files);
    Objects.requireNonNull(position, "position");
  }

  /** A table of which nothing was removed yet. */
  public LakeTable(
      List<LakeColumn> columns, List<LakeFile> files, Positions position, long loadedTotal) {
    this(columns, files, position, loadedTotal, 0, 0, 0);
  }

  /**
   * Whether a later state has the same rows, and beside them only such as came after this one's
   * position. What another program changed in the table is seen only by the number of its rows.
   */
  public boolean isOnlyAddedToBy(LakeTable later) {
    return later.position.covers(position)
        && later.duplicatesRemoved == duplicatesRemoved
        && later.expired == expired
        && later.erased == erased
        && later.rows() - rows() == later.loadedTotal - loadedTotal
        && Set.copyOf(later.columns).containsAll(columns);
  }

  /** How many rows the files hold. */
  public long rows() {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }
}
