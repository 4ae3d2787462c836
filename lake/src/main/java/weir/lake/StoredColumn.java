package weir.lake;

import java.util.Objects;

/**
 * A column of a table that users store.
 *
 * @param name as in the file that it came from
 * @param type DuckDB's name of its type
 * @param fieldId Iceberg's, by which files have it
 */
public record StoredColumn(String name, String type, int fieldId) {
  public StoredColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }
}
