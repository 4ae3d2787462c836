package weir.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.tap.Condition;
import weir.tap.ConditionParser;
import weir.tap.EventFilter;
import weir.tap.Framing;
import weir.tap.RakamFraming;

/**
 * What a client of Rakam's event stream subscribes to: collections, each with a filter in SQL, and
 * the properties that it wants of them.
 *
 * @param events names of the collections; empty for all
 */
record RakamSubscription(Set<String> events, Optional<Condition> where, Set<String> columns) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST = 1_000;

  /**
   * Reads {@code {"collections":[{"name":"...","filter":"..."}],"columns":["..."]}}.
   *
   * @throws ApiError.Thrown saying what is wrong with it
   */
  static RakamSubscription parse(@Nullable String data) {
    JsonNode json;
    try {
      json = data == null ? null : JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw ApiError.invalid("data is not JSON: " + e.getOriginalMessage());
    }
    if (json == null || !json.isObject()) {
      throw ApiError.invalid(
          "data must be a JSON object such as"
              + " {\"collections\":[{\"name\":\"pageview\",\"filter\":\"url like '%menu%'\"}]}");
    }
    Set<String> columns = new HashSet<>();
    list(json, "columns").forEach(column -> columns.add(column.asText()));
    Set<String> names = new HashSet<>();
    List<Condition> any = new ArrayList<>();
    for (JsonNode collection : list(json, "collections")) {
      String name = collection.path("name").asText(collection.path("collection").asText(""));
      if (name.isEmpty()) {
        throw ApiError.invalid("each of collections must have a name");
      }
      names.add(name);
      JsonNode filter = collection.path("filter");
      if (filter.isContainerNode()) {
        throw ApiError.invalid("the filter of " + name + " must be a text");
      }
      any.add(condition(name, filter.asText("")));
    }
    if (names.size() > MOST || columns.size() > MOST) {
      throw ApiError.invalid("at most " + MOST + " collections and columns");
    }
    return new RakamSubscription(
        names, any.isEmpty() ? Optional.empty() : Optional.of(new Condition.Any(any)), columns);
  }

  /** A list; without it, or null, an empty one, which is for all. */
  private static JsonNode list(JsonNode json, String field) {
    JsonNode list = json.path(field);
    if (!list.isArray() && !list.isNull() && !list.isMissingNode()) {
      throw ApiError.invalid(field + " must be a list");
    }
    return list;
  }

  private static Condition condition(String name, String filter) {
    Condition named = new Condition.Comparison("event", Condition.Sign.EQUAL, name);
    if (filter.isBlank() || filter.equals("null")) {
      return named;
    }
    try {
      return new Condition.All(List.of(named, ConditionParser.parse(filter, RakamFraming::here)));
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("the filter of " + name + ": " + e.getMessage());
    }
  }

  EventFilter filter(String project, Optional<EventFilter.Limit> limit) {
    return new EventFilter(project, events, Map.of(), limit, where);
  }

  Framing framing() {
    return new RakamFraming(columns);
  }
}
