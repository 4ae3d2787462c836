package weir.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import weir.event.EventColumn;
import weir.event.NearestNames;
import weir.event.ProjectProperties;
import weir.metadata.KeyLimit;
import weir.metadata.NewKey;
import weir.server.schemas.Schemas;

/**
 * Says beside new keys which of the properties that limit them were never seen: such a key sees
 * nothing, and a mistyped name would look like a project without events.
 */
record LimitNotes(Set<String> properties) {
  private static final int MOST_NEAREST = 3;

  /** Reads what limits some keys. */
  static LimitNotes of(List<NewKey> keys) {
    Set<String> properties = new TreeSet<>();
    for (NewKey key : keys) {
      if (key instanceof NewKey.Api api) {
        api.limit().map(KeyLimit::property).ifPresent(properties::add);
      }
    }
    return new LimitNotes(properties);
  }

  /** Adds {@code notes} to an answer, where there is anything to say. */
  ObjectNode add(ObjectNode answer, Schemas schemas, String project) {
    if (properties.isEmpty()) {
      return answer;
    }
    ProjectProperties known = schemas.properties(project);
    Set<String> seen = new TreeSet<>(known.names());
    schemas.list(project).forEach(column -> seen.add(column.property())); // dropped ones too
    List<String> unknown =
        properties.stream()
            .filter(property -> known.isComplete() && !seen.contains(property))
            .filter(property -> EventColumn.named(property).isEmpty())
            .toList();
    if (!unknown.isEmpty()) {
      ArrayNode notes = answer.putArray("notes");
      Collection<String> names = names(known);
      unknown.forEach(property -> put(notes.addObject(), property, names));
    }
    return answer;
  }

  private static Collection<String> names(ProjectProperties known) {
    Set<String> names = new TreeSet<>(known.names());
    for (EventColumn column : EventColumn.values()) {
      names.add(column.columnName());
    }
    return names;
  }

  private static void put(ObjectNode note, String property, Collection<String> names) {
    List<String> nearest = NearestNames.of(property, names, MOST_NEAREST);
    note.put("code", "unknown_property").put("name", property);
    nearest.forEach(note.putArray("nearest")::add);
    note.put(
        "message",
        "no property named "
            + property
            + " was ever seen; a key limited by it sees nothing until there is one"
            + (nearest.isEmpty() ? "" : "; the nearest: " + String.join(", ", nearest)));
  }
}
