package weir.lake;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A table that users store, as one commit left it.
 *
 * @param storedAt when its rows were committed
 * @param columns in order
 * @param files all files, none twice; their days mean nothing
 */
public record StoredTable(
    String name, Instant storedAt, List<StoredColumn> columns, List<LakeFile> files) {
  public StoredTable {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(storedAt, "storedAt");
    columns = List.copyOf(columns);
    files = List.copyOf(files);
  }

  /** How many rows the files hold. */
  public long rows() {
    return files.stream().mapToLong(LakeFile::rows).sum();
  }

  /** How long the files are. */
  public long bytes() {
    return files.stream().mapToLong(LakeFile::bytes).sum();
  }
}
