package weir.lake;

import java.util.List;
import java.util.Objects;
import weir.log.Position;

/**
 * One table as one commit left it.
 *
 * @param columns the current columns, in table order
 * @param files all files of the table, none twice
 * @param position the clean-log position up to which the files hold everything
 * @param loadedTotal rows ever appended
 */
public record LakeTable(
    List<LakeColumn> columns, List<LakeFile> files, Position position, long loadedTotal) {
  public LakeTable {
    columns = List.copyOf(columns);
    files = List.copyOf(files);
    Objects.requireNonNull(position, "position");
  }

  /** How many rows the files hold. */
  public long rows() {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }
}
