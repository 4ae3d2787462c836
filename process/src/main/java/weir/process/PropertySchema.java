package weir.process;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import weir.event.ColumnType;
import weir.event.EpochMicros;
import weir.event.Origin;
import weir.event.ProjectProperties;
import weir.event.ProjectProperties.Property;
import weir.event.RawPosition;
import weir.process.SchemaGrowth.InJson;

/**
 * Which column each property of each project has found; durable in the metadata database.
 *
 * <p>A column is here before any clean frame that uses it is in the log. Columns are added, but for
 * those that a crash left without a frame, which come again; and dropped, by their owner. The name
 * of a dropped one is never given again. Safe for use by several threads.
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
    Map<String, List<PropertyColumn>> live = new HashMap<>();
    for (KnownColumn row : rows()) {
      String project = row.origin().project();
      List<PropertyColumn> list = live.computeIfAbsent(project, key -> new ArrayList<>());
      if (!row.isDropped()) {
        list.add(row.column());
      }
    }
    columns.keySet().retainAll(live.keySet());
    live.forEach((project, list) -> columns.put(project, List.copyOf(list)));
  }

  /**
   * Forgets the columns that came with events after one: those whose frames were not stored before
   * a crash. The events will be decided again, from the same state as the first time, and bring the
   * same columns.
   *
   * @param last null for every column
   */
  void forgetAfter(@Nullable RawPosition last) {
    long position = last == null ? -1 : last.position().value();
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

  /** By project the names of the dropped columns that its table in the lake may still have. */
  public Map<String, Set<String>> leavingLake() {
    Map<String, Set<String>> leaving = new TreeMap<>();
    for (KnownColumn row : rows()) {
      if (row.isDropped() && !row.leftLake()) {
        leaving
            .computeIfAbsent(row.origin().project(), project -> new TreeSet<>())
            .add(row.column().columnName());
      }
    }
    return leaving;
  }

  /** Remembers that a project's table has some dropped columns no more. */
  public void leftLake(String project, Set<String> columnNames) {
    jdbi.useTransaction(handle -> {
      for (String column : columnNames) {
        handle.execute(
            "UPDATE property_columns SET left_lake = 1"
                + " WHERE project = ? AND column_name = ? AND dropped_at IS NOT NULL",
            project,
            column);
      }
    });
  }

  /**
   * A column that there is, or was.
   *
   * @param source the write key that brought it
   * @param since when that event was received
   * @param droppedAt empty if it is in use
   * @param leftLake whether it was dropped and the lake's table has it no more
   */
  public record Described(
      PropertyColumn column,
      String source,
      Instant since,
      Optional<Instant> droppedAt,
      boolean leftLake) {}

  /** Every column that a project has or had, in the order of first sight. */
  public List<Described> describe(String project) {
    return rows().stream()
        .filter(row -> row.origin().project().equals(project))
        .map(row ->
            new Described(
                row.column(),
                row.origin().source(),
                instant(row.origin().receivedAt()),
                Optional.ofNullable(row.droppedAt()).map(PropertySchema::instant),
                row.leftLake()))
        .toList();
  }

  private static Instant instant(long micros) {
    return EpochMicros.instant(micros);
  }

  /** A column as it is kept. */
  record KnownColumn(
      PropertyColumn column, Origin origin, @Nullable Long droppedAt, boolean leftLake) {
    boolean isDropped() {
      return droppedAt != null;
    }
  }

  /** Every column, dropped ones too, by project and in the order of first sight. */
  List<KnownColumn> rows() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM property_columns ORDER BY project, ordinal")
            .map((row, context) ->
                new KnownColumn(
                    new PropertyColumn(
                        row.getString("column_name"),
                        ColumnType.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                        row.getString("name")),
                    new Origin(
                        row.getString("project"),
                        row.getString("first_key"),
                        row.getLong("created_at"),
                        row.getLong("created_at"),
                        new RawPosition(row.getLong("raw_position"), row.getInt("raw_index"))),
                    row.getObject("dropped_at") == null ? null : row.getLong("dropped_at"),
                    row.getBoolean("left_lake")))
            .list());
  }

  /** Drops the columns of some properties, all or none, and answers which those were. */
  List<PropertyColumn> drop(String project, Set<String> names, Instant at) {
    List<PropertyColumn> found =
        columns(project).stream().filter(column -> names.contains(column.name())).toList();
    jdbi.useTransaction(handle -> {
      for (PropertyColumn column : found) {
        handle.execute(
            "UPDATE property_columns SET dropped_at = ? WHERE project = ? AND name = ?",
            EpochMicros.of(at),
            project,
            column.name());
        insert(handle, new InJson(project, Optional.of(column.name())));
      }
    });
    if (!found.isEmpty()) {
      read();
      publish(project);
    }
    return found;
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
    publication.publish(project, properties(project));
  }

  /** What is known of a project's properties. */
  public ProjectProperties properties(String project) {
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
    return ProjectProperties.of(properties, complete);
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
      for (SchemaGrowth.NewColumn column : added.columns()) {
        if (columns(column.origin().project()).contains(column.column())) {
          continue; // an attempt before this one came so far
        }
        grown
            .computeIfAbsent(
                column.origin().project(), project -> new ArrayList<>(columns(project)))
            .add(column.column());
        insert(handle, column);
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

  private static void insert(Handle handle, SchemaGrowth.NewColumn column) {
    handle.execute(
        """
        INSERT INTO property_columns
          (project, name, column_name, type, ordinal, first_key, created_at,
           raw_position, raw_index)
        VALUES (?, ?, ?, ?,
          (SELECT coalesce(max(ordinal), 0) + 1 FROM property_columns WHERE project = ?),
          ?, ?, ?, ?)\
        """,
        column.origin().project(),
        column.column().name(),
        column.column().columnName(),
        column.column().type().name().toLowerCase(Locale.ROOT),
        column.origin().project(),
        column.origin().source(),
        column.origin().receivedAt(),
        column.origin().rawPosition().position().value(),
        column.origin().rawPosition().index());
  }
}
