package weir.lake;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Objects;

/**
 * A Parquet file of a lake table. Never changes; a column that it lacks is null in all its rows.
 *
 * @param path absolute
 * @param rows how many rows it holds
 * @param bytes its length
 * @param day the UTC day that all its rows belong to
 */
public record LakeFile(Path path, long rows, long bytes, LocalDate day) {
  public LakeFile {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(day, "day");
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + path);
    }
  }
}
