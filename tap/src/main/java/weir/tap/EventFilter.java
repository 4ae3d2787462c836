package weir.tap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.event.CleanEvent;
import weir.event.ProjectProperties;

/**
 * Which events of a project a reader gets. Equal ones get the same, and share the work.
 *
 * @param events their names; empty for all
 * @param values by property or column what its value must be, as text
 * @param limit what the reader's key may see; empty for all
 * @param where what else must hold; empty for nothing
 */
public record EventFilter(
    String project,
    Set<String> events,
    Map<String, String> values,
    Optional<Limit> limit,
    Optional<Condition> where) {
  /**
   * Rows of which a property, by its exact name, has a value.
   *
   * @param value as {@link #of} reads it
   */
  public record Limit(String property, Object value) {
    /**
     * A limit by a JSON string, number or boolean.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Limit of(String property, String json) {
      try {
        Object value = PropertyValues.value(new ObjectMapper().readTree(json));
        if (value == null) {
          throw new IllegalArgumentException("no value: " + json);
        }
        return new Limit(property, value);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("not JSON: " + json, e);
      }
    }
  }

  public EventFilter {
    events = Set.copyOf(events);
    values = Map.copyOf(values);
  }

  /** A filter without a condition. */
  public EventFilter(
      String project, Set<String> events, Map<String, String> values, Optional<Limit> limit) {
    this(project, events, values, limit, Optional.empty());
  }

  boolean matches(CleanEvent event, ProjectProperties known) {
    if (!events.isEmpty() && !events.contains(event.event())) {
      return false;
    }
    if (values.isEmpty() && limit.isEmpty() && where.isEmpty()) {
      return true;
    }
    PropertyValues all = new PropertyValues(event, known);
    return limit.map(only -> only.value().equals(all.property(only.property()))).orElse(true)
        && values.entrySet().stream().allMatch(each -> isSo(all, each.getKey(), each.getValue()))
        && where.map(condition -> Boolean.TRUE.equals(condition.of(all))).orElse(true);
  }

  private static boolean isSo(PropertyValues all, String name, String wanted) {
    Object value = all.columnOrProperty(name);
    if (value instanceof Double number) {
      try {
        return number == Double.parseDouble(wanted);
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return value != null && value.toString().equals(wanted);
  }
}
