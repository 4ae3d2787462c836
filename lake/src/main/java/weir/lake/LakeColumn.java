package weir.lake;

import java.util.Objects;
import weir.event.ColumnType;

/**
 * A column of a lake table.
 *
 * @param name the name in SQL
 * @param fieldId the id that Parquet files carry for it; columns are to be read by it, not by name
 */
public record LakeColumn(String name, ColumnType type, int fieldId) {
  public LakeColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    if (fieldId <= 0) {
      throw new IllegalArgumentException("fieldId of " + name + " is " + fieldId);
    }
  }
}
