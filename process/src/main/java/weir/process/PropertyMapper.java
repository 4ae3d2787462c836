package weir.process;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.Decoded;
import weir.event.CleanEvent;
import weir.event.ColumnType;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.PropertyName;
import weir.process.PropertySchema.KnownColumn;
import weir.process.SchemaGrowth.InJson;
import weir.process.SchemaGrowth.NewColumn;

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
  private static final Logger LOG = LoggerFactory.getLogger(PropertyMapper.class);
  private static final long HOUR = TimeUnit.HOURS.toMicros(1);

  /** How many properties without a column are told by name. */
  static final int NAMES_TOLD = 1_000;

  private final SchemaLimits limits;
  private final Map<String, Project> projects = new HashMap<>();
  private final Counter conflicts;
  private final Counter unnamed;
  private final Counter beyondProject;
  private final Counter beyondKey;
  private final Counter beyondHour;
  private final Counter beyondEvent;
  private SchemaGrowth added = SchemaGrowth.empty();

  private record KeyHour(String source, long hour) {}

  private record Column(String name, ColumnType type, Class<?> javaClass) {}

  private static final class Project {
    final Map<String, Column> byName = new HashMap<>();
    final Set<String> taken = new HashSet<>();
    final Map<String, Integer> byKey = new HashMap<>();
    final Map<KeyHour, Integer> newByKeyAndHour = new HashMap<>();
    final Map<String, Long> saidInHour = new HashMap<>();
    final Set<String> inJson = new HashSet<>();
    final Set<String> dropped = new HashSet<>();
    boolean moreInJson;

    /** Its name and its place in the key's share stay taken. */
    void drop(String name) {
      byName.remove(name);
      dropped.add(name);
      inJson.add(name);
    }

    Column add(NewColumn added) {
      PropertyColumn column = added.column();
      Column kept = new Column(column.columnName(), column.type(), column.type().javaClass());
      byName.put(column.name(), kept);
      taken.add(column.columnName());
      byKey.merge(added.origin().source(), 1, Integer::sum);
      newByKeyAndHour.merge(keyHour(added.origin()), 1, Integer::sum);
      return kept;
    }
  }

  PropertyMapper(PropertySchema schema, SchemaLimits limits, MeterRegistry metrics) {
    this.limits = limits;
    for (KnownColumn known : schema.rows()) {
      Project project = project(known.origin().project());
      project.add(new NewColumn(known.column(), known.origin()));
      if (known.isDropped()) {
        project.drop(known.column().name());
      }
    }
    for (InJson property : schema.inJson()) {
      Project project = project(property.project());
      property.name().ifPresent(project.inJson::add);
      project.moreInJson |= property.name().isEmpty();
    }
    this.conflicts =
        Counter.builder("weir_property_conflicts")
            .description("Property values of another type than their column")
            .register(metrics);
    this.unnamed = overflow(metrics, "name");
    this.beyondProject = overflow(metrics, "project_limit");
    this.beyondKey = overflow(metrics, "key_share");
    this.beyondHour = overflow(metrics, "key_limit");
    this.beyondEvent = overflow(metrics, "event_limit");
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
    boolean mayAdd = mayAdd(project, origin, properties);
    Map<String, Object> columns = LinkedHashMap.newLinkedHashMap(properties.size());
    JsonProperties rest = null;
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      Object value = property.getValue();
      Column column = null;
      if (!(value instanceof Decoded.Json)) {
        column = project.byName.get(property.getKey());
        if (column == null) {
          column = mayAdd ? first(project, origin, property.getKey(), value) : null;
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
        if (!project.inJson.contains(property.getKey())) {
          tell(project, origin.project(), property.getKey());
        }
      }
    }
    event.properties(columns);
    if (rest != null) {
      event.set(EventColumn.PROPERTIES, rest.text());
    }
  }

  /** Tells once that a property has values in JSON, so that questions look there. */
  private void tell(Project project, String projectName, String name) {
    boolean hasColumn = project.byName.containsKey(name);
    if (!hasColumn && !PropertyName.fits(name)) {
      return; // it will never have one
    }
    if (!hasColumn
        && project.inJson.size() - project.byName.size() - project.dropped.size() >= NAMES_TOLD) {
      if (!project.moreInJson) {
        project.moreInJson = true;
        added.inJson().add(new InJson(projectName, Optional.empty()));
      }
      return;
    }
    project.inJson.add(name);
    added.inJson().add(new InJson(projectName, Optional.of(name)));
  }

  /** Gives what columns had to JSON from now on. */
  void drop(String projectName, List<PropertyColumn> columns) {
    columns.forEach(column -> project(projectName).drop(column.name()));
  }

  private boolean mayAdd(Project project, Origin origin, Map<String, Object> properties) {
    if (properties.size() <= limits.newColumnsPerEvent()) {
      return true;
    }
    int unknown = 0;
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      if (!(property.getValue() instanceof Decoded.Json)
          && !project.byName.containsKey(property.getKey())
          && !project.dropped.contains(property.getKey())) {
        unknown++;
      }
    }
    if (unknown <= limits.newColumnsPerEvent()) {
      return true;
    }
    beyondEvent.increment(unknown);
    say(project, origin, "an event has " + unknown + " new properties at once");
    return false;
  }

  /** Once an hour for each write key. */
  private static void say(Project project, Origin origin, String what) {
    Long hour = keyHour(origin).hour();
    if (!hour.equals(project.saidInHour.put(origin.source(), hour))) {
      LOG.warn(
          "project {}, key {}: {}; they stay in the column properties",
          origin.project(),
          origin.source(),
          what);
    }
  }

  private @Nullable Column first(Project project, Origin origin, String name, Object value) {
    if (project.dropped.contains(name)) {
      return null;
    }
    if (project.byName.size() >= limits.columnsPerProject()) {
      beyondProject.increment();
      say(
          project,
          origin,
          "no more properties get columns, the project has " + project.byName.size());
      return null;
    }
    int ofKey = project.byKey.getOrDefault(origin.source(), 0);
    if (ofKey >= limits.columnsPerKey()) {
      beyondKey.increment();
      say(project, origin, "no more properties get columns, it has brought " + ofKey);
      return null;
    }
    int already = project.newByKeyAndHour.getOrDefault(keyHour(origin), 0);
    if (already >= limits.newColumnsPerKeyAndHour()) {
      beyondHour.increment();
      say(project, origin, "no more properties get columns this hour, it has brought " + already);
      return null;
    }
    String columnName = PropertyName.fits(name) ? columnName(project, name) : "";
    if (columnName.isEmpty()) {
      unnamed.increment();
      return null;
    }
    PropertyColumn column = new PropertyColumn(columnName, typeOf(value), name);
    NewColumn added = new NewColumn(column, origin);
    this.added.columns().add(added);
    Column kept = project.add(added);
    if (project.moreInJson && !project.inJson.contains(name)) {
      tell(project, origin.project(), name); // it may be one of those that were not told
    }
    return kept;
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

  /** What was added since {@link #taken}; to be committed before frames that use it. */
  SchemaGrowth added() {
    return added.isEmpty() ? SchemaGrowth.NONE : added;
  }

  /** Says that what was added so far is on its way to the schema. */
  void taken() {
    if (!added.isEmpty()) {
      added = SchemaGrowth.empty();
    }
  }
}
