package weir.lake;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file of a lake table, equal to another of the same path. Never changes; a column that
 * it lacks is null in all its rows.
 *
 * @param path absolute
 * @param rows how many rows it holds
 * @param bytes its length
 * @param day the UTC day that all its rows belong to
 * @param columnBytes compressed bytes by field id; empty if they are not known
 */
public record LakeFile(
    Path path, long rows, long bytes, LocalDate day, Map<Integer, Long> columnBytes) {
  /** A file whose columns' sizes are not known. */
  public LakeFile(Path path, long rows, long bytes, LocalDate day) {
    this(path, rows, bytes, day, Map.of());
  }

  public LakeFile {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(day, "day");
    columnBytes = Map.copyOf(columnBytes);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + path);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LakeFile file && path.equals(file.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }
}
