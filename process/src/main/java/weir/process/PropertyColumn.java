package weir.process;

import java.util.Objects;
import weir.event.ColumnType;

/**
 * The column that a property has in its project's {@code events}.
 *
 * @param columnName {@code p_} and the folded name
 * @param type BOOLEAN, DOUBLE or STRING; it never changes
 * @param name the property's name as the client sends it
 */
public record PropertyColumn(String columnName, ColumnType type, String name) {
  public PropertyColumn {
    Objects.requireNonNull(columnName, "columnName");
    Objects.requireNonNull(name, "name");
    switch (type) {
      case BOOLEAN, DOUBLE, STRING -> {}
      case INTEGER, LONG, TIMESTAMP ->
          throw new IllegalArgumentException("no property is a " + type + ": " + name);
    }
  }
}
