package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import weir.event.EventColumn;
import weir.event.NearestNames;
import weir.event.ProjectProperties;
import weir.event.PropertyName;
import weir.query.QueryException;

/**
 * Says beside an answer which of the names in its question were never seen, so that nobody takes a
 * mistyped name's zero for a fact.
 */
final class Notes {
  private static final int MOST_NEAREST = 3;
  private static final Set<String> PROPERTIES = Set.of("property", "breakdown", "of", "match");
  private static final Set<String> EVENTS = Set.of("event", "events", "start", "end");

  private final Set<String> events = new TreeSet<>();
  private final Set<String> properties = new TreeSet<>();

  /** Finds the names of all events, when they are needed. */
  interface EventNames {
    Collection<String> all() throws QueryException;
  }

  /** Reads the names that a question has. */
  Notes(JsonNode question) {
    read(question);
  }

  private void read(JsonNode node) {
    if (node.isArray()) {
      node.forEach(this::read);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.equals("persons") || name.equals("value")) {
        continue; // what they name is an answer's
      }
      texts(value, PROPERTIES.contains(name) ? properties : EVENTS.contains(name) ? events : null);
      read(value);
    }
  }

  private static void texts(JsonNode value, @org.jspecify.annotations.Nullable Set<String> names) {
    if (names == null) {
      return;
    }
    if (value.isTextual() && !value.asText().isEmpty()) {
      names.add(value.asText());
    }
    if (value.isArray()) {
      value.forEach(each -> texts(each, names));
    }
  }

  /** Adds {@code notes}, where there is anything to say. */
  void add(ObjectNode answer, EventNames names, Properties.Columns columns) throws QueryException {
    List<ObjectNode> notes = new ArrayList<>();
    Set<String> without = without(answer);
    if (!without.isEmpty()) {
      Collection<String> known = names.all();
      without.stream()
          .filter(event -> !known.contains(event))
          .forEach(event -> notes.add(note(answer, "event", event, known)));
    }
    for (String property : properties) {
      if (!isKnown(property, columns)) {
        notes.add(note(answer, "property", property, known(columns)));
      }
    }
    if (!notes.isEmpty()) {
      ArrayNode array = answer.putArray("notes");
      notes.forEach(array::add);
    }
  }

  /** The events of the question of which the answer has nothing. */
  private Set<String> without(JsonNode answer) {
    Set<String> without = new TreeSet<>(events);
    for (JsonNode series : answer.path("series")) {
      for (JsonNode point : series.path("points")) {
        if (point.path("value").asDouble() != 0) {
          without.remove(series.path("event").asText());
        }
      }
    }
    boolean hasAll =
        isPositive(answer.path("steps"), "count")
            || isPositive(answer.path("cohorts"), "size")
            || isPositive(answer.path("links"), "count")
            || (events.size() == 1
                && answer.path("bins").isArray()
                && answer.path("count").asLong() + answer.path("missing").asLong() > 0);
    return hasAll ? Set.of() : without;
  }

  private static boolean isPositive(JsonNode array, String field) {
    for (JsonNode each : array) {
      if (each.path(field).asLong() == 0) {
        return false;
      }
    }
    return !array.isEmpty();
  }

  private static boolean isKnown(String property, Properties.Columns columns)
      throws QueryException {
    ProjectProperties properties = columns.properties();
    if (property.equals(Properties.PERSON)
        || EventColumn.named(property).isPresent()
        || !properties.isUnseen(property)) {
      return true;
    }
    String folded = PropertyName.PREFIX + PropertyName.fold(property);
    return columns.type(property).isPresent() || columns.type(folded).isPresent();
  }

  /** The names of properties that have columns; others may be in rows that nobody may see here. */
  private static Collection<String> known(Properties.Columns columns) throws QueryException {
    Set<String> names = new TreeSet<>();
    for (String name : columns.properties().names()) {
      Optional<String> column = columns.properties().column(name);
      if (column.isPresent() && columns.type(column.get()).isPresent()) {
        names.add(name);
      }
    }
    for (EventColumn column : EventColumn.values()) {
      names.add(column.columnName());
    }
    return names;
  }

  private static ObjectNode note(
      ObjectNode answer, String what, String name, Collection<String> known) {
    List<String> nearest = NearestNames.of(name, known, MOST_NEAREST);
    ObjectNode note = answer.objectNode();
    note.put("code", "unknown_" + what).put("name", name);
    ArrayNode names = note.putArray("nearest");
    nearest.forEach(names::add);
    String hint = nearest.isEmpty() ? "" : "; the nearest: " + String.join(", ", nearest);
    note.put("message", "no " + what + " named " + name + " was ever seen" + hint);
    return note;
  }
}
