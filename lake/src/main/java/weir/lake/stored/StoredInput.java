package weir.lake.stored;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A file that is to become a stored table.
 *
 * @param file where it lies, not compressed; in {@link StoredTables#staging()}
 * @param types DuckDB's types of columns of a CSV file that are not to be guessed, by name
 */
public record StoredInput(Path file, Format format, Map<String, String> types) {
  public StoredInput {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(format, "format");
    types = Map.copyOf(types);
  }

  /** What a file may be. */
  public enum Format {
    /** With a line of names first. */
    CSV,
    PARQUET
  }
}
