package weir.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.Origin;
import weir.event.ProjectProperties;
import weir.event.ProjectProperties.Property;
import weir.event.RawPosition;
import weir.process.SchemaGrowth.InJson;

/**
 * Which column each property of each project has found; durable in the metadata database.
 *
 * <p>A column is here before any clean frame that uses it is in the log. Columns are only ever
 * added, but for those that a crash left without a frame, which come again. Safe for use by several
 * threads.
 */
public final class PropertySchema {
  private final Jdbi jdbi;
  private final Publication publication;
  private final Map<String, List<PropertyColumn>> columns = new ConcurrentHashMap<>();

  /** Tells others, as other processes, what is known of projects' properties. */
  public interface Publication {
    /** Tells nobody. */
    Publication NONE = (project, properties) -> {};

    /** Tells it before anything uses it. */
    void publish(String project, ProjectProperties properties);
  }

  private PropertySchema(Jdbi jdbi, Publication publication) {
    this.jdbi = jdbi;
    this.publication = publication;
  }

  /** Reads what is known. */
  public static PropertySchema open(MetaDatabase database) {
    return open(database, Publication.NONE);
  }

  /** Reads what is known, and publishes that and whatever is added. */
  public static PropertySchema open(MetaDatabase database, Publication publication) {
    PropertySchema schema = new PropertySchema(database.jdbi(), publication);
    schema.read();
    Set<String> projects = new TreeSet<>(schema.columns.keySet());
    schema.inJson().forEach(each -> projects.add(each.project()));
    projects.forEach(schema::publish);
    return schema;
  }

  private void read() {
    Map<String, List<PropertyColumn>> read = new HashMap<>();
    for (NewColumn row : rows()) {
      read.computeIfAbsent(row.origin().project(), project -> new ArrayList<>()).add(row.column());
    }
    columns.keySet().retainAll(read.keySet());
    read.forEach((project, list) -> columns.put(project, List.copyOf(list)));
  }

  /**
   * Forgets the columns that came with events after one: those whose frames were not stored before
   * a crash. The events will be decided again, from the same state as the first time, and bring the
   * same columns.
   *
   * @param last null for every column
   */
  void forgetAfter(@Nullable RawPosition last) {
    long position = last == null ? -1 : last.position();
    int index = last == null ? 0 : last.index();
    int forgotten =
        jdbi.withHandle(handle ->
            handle.execute(
                "DELETE FROM property_columns WHERE (raw_position, raw_index) > (?, ?)",
                position,
                index));
    if (forgotten > 0) {
      Set<String> projects = new TreeSet<>(columns.keySet());
      read();
      projects.forEach(this::publish);
    }
  }

  /** A project's property columns, in the order in which they were first seen. */
  public List<PropertyColumn> columns(String project) {
    return columns.getOrDefault(project, List.of());
  }

  /**
   * A column at its first sight.
   *
   * @param origin of the event that brought it
   */
  record NewColumn(PropertyColumn column, Origin origin) {}

  /** Every column, by project and in the order of first sight. */
  List<NewColumn> rows() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM property_columns ORDER BY project, ordinal")
            .map((row, context) ->
                new NewColumn(
                    new PropertyColumn(
                        row.getString("column_name"),
                        ColumnType.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                        row.getString("name")),
                    new Origin(
                        row.getString("project"),
                        row.getString("first_key"),
                        row.getLong("created_at"),
                        row.getLong("created_at"),
                        new RawPosition(row.getLong("raw_position"), row.getInt("raw_index")))))
            .list());
  }

  /** Every property that has had a value in JSON. */
  List<InJson> inJson() {
    return jdbi.withHandle(handle -> {
      List<InJson> all = new ArrayList<>();
      handle
          .createQuery("SELECT project, name FROM property_json")
          .map((row, context) -> new InJson(row.getString(1), Optional.of(row.getString(2))))
          .forEach(all::add);
      handle
          .createQuery("SELECT project FROM property_json_rest")
          .map((row, context) -> new InJson(row.getString(1), Optional.empty()))
          .forEach(all::add);
      return all;
    });
  }

  private void publish(String project) {
    Set<String> names =
        jdbi.withHandle(handle ->
            new TreeSet<>(
                handle
                    .createQuery("SELECT name FROM property_json WHERE project = ?")
                    .bind(0, project)
                    .mapTo(String.class)
                    .list()));
    boolean complete =
        jdbi.withHandle(handle ->
            handle
                .createQuery("SELECT 1 FROM property_json_rest WHERE project = ?")
                .bind(0, project)
                .mapTo(Integer.class)
                .findFirst()
                .isEmpty());
    List<Property> properties = new ArrayList<>();
    for (PropertyColumn column : columns(project)) {
      boolean inJson = names.remove(column.name());
      properties.add(new Property(column.name(), Optional.of(column.columnName()), inJson));
    }
    names.forEach(name -> properties.add(new Property(name, Optional.empty(), true)));
    publication.publish(project, ProjectProperties.of(properties, complete));
  }

  /**
   * Makes what was added durable, all or none, and visible to {@link #columns} and others. What
   * failed may be tried again.
   */
  void commit(SchemaGrowth added) {
    if (added.isEmpty()) {
      return;
    }
    Map<String, List<PropertyColumn>> grown = new HashMap<>();
    Set<String> changed = new TreeSet<>();
    added.columns().forEach(column -> changed.add(column.origin().project()));
    added.inJson().forEach(property -> changed.add(property.project()));
    jdbi.useTransaction(handle -> {
      for (NewColumn column : added.columns()) {
        if (columns(column.origin().project()).contains(column.column())) {
          continue; // an attempt before this one came so far
        }
        List<PropertyColumn> list =
            grown.computeIfAbsent(
                column.origin().project(), project -> new ArrayList<>(columns(project)));
        list.add(column.column());
        insert(handle, column, list.size());
      }
      added.inJson().forEach(property -> insert(handle, property));
    });
    grown.forEach((project, list) -> columns.put(project, List.copyOf(list)));
    changed.forEach(this::publish);
  }

  private static void insert(Handle handle, InJson property) {
    if (property.name().isPresent()) {
      handle.execute(
          "INSERT OR IGNORE INTO property_json (project, name) VALUES (?, ?)",
          property.project(),
          property.name().get());
    } else {
      handle.execute(
          "INSERT OR IGNORE INTO property_json_rest (project) VALUES (?)", property.project());
    }
  }

  private static void insert(Handle handle, NewColumn column, int ordinal) {
    handle.execute(
        """
        INSERT INTO property_columns
          (project, name, column_name, type, ordinal, first_key, created_at,
           raw_position, raw_index)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        column.origin().project(),
        column.column().name(),
        column.column().columnName(),
        column.column().type().name().toLowerCase(Locale.ROOT),
        ordinal,
        column.origin().source(),
        column.origin().receivedAt(),
        column.origin().rawPosition().position(),
        column.origin().rawPosition().index());
  }
}
