package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoded;
import weir.event.CleanEvent;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.process.PropertySchema.NewColumn;

/**
 * Gives each property of an event its column, or a place in the JSON column {@code properties}.
 *
 * <p>What it decides depends only on the events before, in raw order: a column is found in the
 * schema, or added to it. Before a restart replays events whose columns were committed but whose
 * frames were not appended, those columns are forgotten, so that it decides the same.
 *
 * <p>Used by one thread.
 */
final class PropertyMapper {
  private static final long HOUR = TimeUnit.HOURS.toMicros(1);

  private final SchemaLimits limits;
  private final Map<String, Project> projects = new HashMap<>();
  private final Counter conflicts;
  private final Counter unnamed;
  private final Counter beyondProject;
  private final Counter beyondHour;
  private List<NewColumn> added = new ArrayList<>();

  private record KeyHour(String source, long hour) {}

  private record Column(String name, ColumnType type, Class<?> javaClass) {}

  private static final class Project {
    final Map<String, Column> byName = new HashMap<>();
    final Set<String> taken = new HashSet<>();
    final Map<KeyHour, Integer> newByKeyAndHour = new HashMap<>();

    Column add(NewColumn added) {
      PropertyColumn column = added.column();
      Column kept = new Column(column.columnName(), column.type(), column.type().javaClass());
      byName.put(column.name(), kept);
      taken.add(column.columnName());
      newByKeyAndHour.merge(keyHour(added.origin()), 1, Integer::sum);
      return kept;
    }
  }

  PropertyMapper(PropertySchema schema, SchemaLimits limits, MeterRegistry metrics) {
    this.limits = limits;
    for (NewColumn column : schema.rows()) {
      project(column.origin().project()).add(column);
    }
    this.conflicts =
        Counter.builder("weir_property_conflicts")
            .description("Property values of another type than their column")
            .register(metrics);
    this.unnamed = overflow(metrics, "name");
    this.beyondProject = overflow(metrics, "project_limit");
    this.beyondHour = overflow(metrics, "key_limit");
  }

  private static Counter overflow(MeterRegistry metrics, String reason) {
    return Counter.builder("weir_property_overflow")
        .description("Property values that were refused a column of their own")
        .tag("reason", reason)
        .register(metrics);
  }

  private static KeyHour keyHour(Origin origin) {
    return new KeyHour(origin.source(), Math.floorDiv(origin.receivedAt(), HOUR));
  }

  private Project project(String name) {
    return projects.computeIfAbsent(name, key -> new Project());
  }

  /** Sets an event's property columns and its column {@code properties}. */
  void map(CleanEvent.Builder event, Origin origin, Map<String, Object> properties) {
    if (properties.isEmpty()) {
      return;
    }
    Project project = project(origin.project());
    Map<String, Object> columns = LinkedHashMap.newLinkedHashMap(properties.size());
    JsonProperties rest = null;
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      Object value = property.getValue();
      Column column = null;
      if (!(value instanceof Decoded.Json)) {
        column = project.byName.get(property.getKey());
        if (column == null) {
          column = first(project, origin, property.getKey(), value);
        } else if (column.javaClass != value.getClass()) {
          conflicts.increment();
          column = null;
        }
      }
      if (column != null) {
        columns.put(column.name, value);
      } else {
        rest = rest == null ? new JsonProperties() : rest;
        rest.add(property.getKey(), value);
      }
    }
    event.properties(columns);
    if (rest != null) {
      event.set(EventColumn.PROPERTIES, rest.text());
    }
  }

  private @Nullable Column first(Project project, Origin origin, String name, Object value) {
    if (project.byName.size() >= limits.columnsPerProject()) {
      beyondProject.increment();
      return null;
    }
    int already = project.newByKeyAndHour.getOrDefault(keyHour(origin), 0);
    if (already >= limits.newColumnsPerKeyAndHour()) {
      beyondHour.increment();
      return null;
    }
    String columnName = PropertyName.fits(name) ? columnName(project, name) : "";
    if (columnName.isEmpty()) {
      unnamed.increment();
      return null;
    }
    PropertyColumn column = new PropertyColumn(columnName, typeOf(value), name);
    NewColumn added = new NewColumn(column, origin);
    this.added.add(added);
    return project.add(added);
  }

  private static String columnName(Project project, String name) {
    String folded = PropertyName.fold(name);
    return folded.isEmpty() ? "" : PropertyName.column(folded, project.taken);
  }

  private static ColumnType typeOf(Object value) {
    return switch (value) {
      case Boolean b -> ColumnType.BOOLEAN;
      case Double d -> ColumnType.DOUBLE;
      case String s -> ColumnType.STRING;
      default -> throw new IllegalArgumentException("no property: " + value.getClass().getName());
    };
  }

  /** The columns added since {@link #taken}; to be committed before frames that use them. */
  List<NewColumn> added() {
    return added.isEmpty() ? List.of() : added;
  }

  /** Says that the columns added so far are on their way to the schema. */
  void taken() {
    if (!added.isEmpty()) {
      added = new ArrayList<>();
    }
  }
}
