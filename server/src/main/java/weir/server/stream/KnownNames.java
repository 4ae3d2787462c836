package weir.server.stream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import weir.event.ProjectProperties;
import weir.process.PropertyColumn;
import weir.process.PropertySchema;

/**
 * Which property each column is of, as of now, without asking the database for each event. Safe for
 * use by several threads.
 */
public final class KnownNames implements Function<String, ProjectProperties> {
  private final PropertySchema schema;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** What was made of one state of a project's columns. */
  private record Known(List<PropertyColumn> columns, ProjectProperties properties) {}

  public KnownNames(PropertySchema schema) {
    this.schema = schema;
  }

  @Override
  public ProjectProperties apply(String project) {
    List<PropertyColumn> now = schema.columns(project);
    Known last = known.get(project);
    if (last == null || !last.columns().equals(now)) {
      List<ProjectProperties.Property> all =
          now.stream()
              .map(each ->
                  new ProjectProperties.Property(each.name(), Optional.of(each.columnName()), true))
              .toList();
      last = new Known(now, ProjectProperties.of(all, false));
      known.put(project, last);
    }
    return last.properties();
  }
}
