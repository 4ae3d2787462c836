package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.query.QueryError;
import weir.query.QueryException;

/**
 * The fields of a JSON object, each read with its type; {@link #end} finds those that nobody asked
 * for. An empty string counts as an absent field. Failures name the field by its path.
 */
final class RequestFields {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");

  /** A hundred years: there are no events further apart. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** The days that a week may begin with. */
  private enum WeekStart {
    MONDAY,
    SUNDAY
  }

  private final JsonNode object;
  private final String path;
  private final Set<String> read = new HashSet<>();

  private RequestFields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The fields of a request's body. */
  static RequestFields of(JsonNode body) throws QueryException {
    return of(body, "");
  }

  private static RequestFields of(JsonNode node, String path) throws QueryException {
    if (!node.isObject()) {
      throw invalid((path.isEmpty() ? "the body" : path) + " must be a JSON object");
    }
    return new RequestFields(node, path);
  }

  static QueryException invalid(String message) {
    return new QueryException(QueryError.INVALID_REQUEST, message);
  }

  /** The field's name with the names of what it lies in. */
  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  boolean has(String name) {
    JsonNode value = get(name);
    return !(value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty()));
  }

  /** The value as it is. */
  JsonNode get(String name) {
    read.add(name);
    return object.path(name);
  }

  Optional<String> text(String name) throws QueryException {
    if (!has(name)) {
      return Optional.empty();
    }
    JsonNode value = get(name);
    if (!value.isTextual()) {
      throw invalid(path(name) + " must be a string");
    }
    return Optional.of(value.asText());
  }

  /** A string that must be there. */
  String required(String name) throws QueryException {
    return text(name).orElseThrow(() -> invalid(path(name) + " is missing"));
  }

  /** The day that weeks begin with. */
  DayOfWeek weekStart() throws QueryException {
    return DayOfWeek.valueOf(choice("week_start", WeekStart.MONDAY).name());
  }

  /** One of an enumeration's constants, given in lower case. */
  <E extends Enum<E>> E choice(String name, E usual) throws QueryException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return usual;
    }
    Set<String> known = new TreeSet<>();
    for (E each : usual.getDeclaringClass().getEnumConstants()) {
      String word = each.name().toLowerCase(Locale.ROOT);
      if (word.equals(text.get())) {
        return each;
      }
      known.add(word);
    }
    throw invalid(path(name) + " must be one of " + String.join(", ", known));
  }

  int number(String name, int usual, int least, int most) throws QueryException {
    if (!has(name)) {
      return usual;
    }
    JsonNode value = get(name);
    if (!value.canConvertToInt()
        || !value.canConvertToExactIntegral()
        || value.intValue() < least
        || value.intValue() > most) {
      throw invalid(path(name) + " must be a whole number from " + least + " to " + most);
    }
    return value.intValue();
  }

  boolean flag(String name, boolean usual) throws QueryException {
    if (!has(name)) {
      return usual;
    }
    if (!get(name).isBoolean()) {
      throw invalid(path(name) + " must be true or false");
    }
    return get(name).booleanValue();
  }

  /** A time above zero, such as 30m or 7d. */
  Duration duration(String name, Duration usual) throws QueryException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return usual;
    }
    Duration duration = duration(text.get()).orElse(Duration.ZERO);
    if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw invalid(
          path(name)
              + " must be a time above zero and up to "
              + LONGEST.toDays()
              + "d, such as 90s, 30m, 1h, 7d or 2w");
    }
    return duration;
  }

  /** A time such as 30m or 7d; a day has 24 hours. */
  static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          case "d" -> Duration.ofDays(amount);
          default -> Duration.ofDays(7 * amount);
        });
  }

  ZoneId zone(String name) throws QueryException {
    String text = text(name).orElse("UTC");
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new QueryException(
          QueryError.INVALID_REQUEST,
          path(name) + " must be a name of the IANA time zone database, such as Europe/Berlin",
          e);
    }
  }

  List<String> texts(String name) throws QueryException {
    if (!has(name)) {
      return List.of();
    }
    JsonNode value = get(name);
    if (!value.isArray()) {
      throw invalid(path(name) + " must be an array of strings");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      if (!each.isTextual()) {
        throw invalid(path(name) + " must be an array of strings");
      }
      texts.add(each.asText());
    }
    return texts;
  }

  Optional<RequestFields> object(String name) throws QueryException {
    return has(name) ? Optional.of(of(get(name), path(name))) : Optional.empty();
  }

  List<RequestFields> objects(String name) throws QueryException {
    if (!has(name)) {
      return List.of();
    }
    JsonNode value = get(name);
    if (!value.isArray()) {
      throw invalid(path(name) + " must be an array of objects");
    }
    List<RequestFields> objects = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      objects.add(of(value.get(i), path(name) + "[" + i + "]"));
    }
    return objects;
  }

  /**
   * To be called when all fields were read.
   *
   * @throws QueryException if there are others
   */
  void end() throws QueryException {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!read.contains(field.getKey())) {
        throw invalid(
            "unknown field "
                + path(field.getKey())
                + "; there are "
                + String.join(", ", new TreeSet<>(read)));
      }
    }
  }
}
