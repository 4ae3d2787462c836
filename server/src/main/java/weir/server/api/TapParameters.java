package weir.server.api;

import io.vertx.core.MultiMap;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.log.PositionReleasedException;
import weir.metadata.KeyLimit;
import weir.tap.CleanEvents;
import weir.tap.Condition;
import weir.tap.ConditionParser;
import weir.tap.EventFilter;

/** What a reader of the stream asks for, out of the query of its request. */
final class TapParameters {
  private static final String PROPERTY = "property.";
  private static final int MOST_NAMES = 1_000;

  private TapParameters() {}

  /**
   * Names in {@code events}, values in {@code property.NAME}, a condition in {@code where}; the
   * key's limit on top.
   */
  static EventFilter filter(String project, Optional<KeyLimit> limit, MultiMap parameters) {
    Set<String> events =
        parameters.getAll("events").stream()
            .flatMap(list -> Arrays.stream(list.split(",")))
            .filter(name -> !name.isBlank())
            .collect(Collectors.toSet());
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, String> each : parameters) {
      if (each.getKey().startsWith(PROPERTY)) {
        values.put(each.getKey().substring(PROPERTY.length()), each.getValue());
      }
    }
    if (events.size() > MOST_NAMES || values.size() > MOST_NAMES) {
      throw ApiError.invalid("at most " + MOST_NAMES + " events and properties");
    }
    return new EventFilter(
        project, events, values, limit(limit), condition(parameters.get("where")));
  }

  static Optional<EventFilter.Limit> limit(Optional<KeyLimit> limit) {
    return limit.map(each -> EventFilter.Limit.of(each.property(), each.json()));
  }

  private static Optional<Condition> condition(@Nullable String text) {
    try {
      return Optional.ofNullable(text)
          .filter(given -> !given.isBlank())
          .map(ConditionParser::parse);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("where: " + e.getMessage());
    }
  }

  /**
   * Where a reader begins. Blocks.
   *
   * @param from {@code latest}, {@code earliest} or a position
   */
  static Position begin(CleanEvents events, String from) throws IOException {
    return switch (from) {
      case "latest" -> events.end();
      case "earliest" -> events.earliest();
      default -> known(events, from);
    };
  }

  /** A position that the log has named and still has. Blocks. */
  static Position known(CleanEvents events, String text) throws IOException {
    try {
      Position position = Position.parse(text);
      if (events.isKnown(position)) {
        return position;
      }
    } catch (PositionReleasedException e) {
      throw released(events);
    } catch (IllegalArgumentException e) {
      throw invalidPosition(text);
    }
    throw invalidPosition(text);
  }

  private static ApiError.Thrown invalidPosition(String text) {
    return new ApiError.Thrown(
        new ApiError(
            400,
            "invalid_position",
            "'"
                + text
                + "' is no position: begin at latest or earliest, or at one that an answer named"));
  }

  static ApiError.Thrown released(CleanEvents events) throws IOException {
    return new ApiError.Thrown(
        new ApiError(
            410,
            "position_released",
            "what stood there is kept no more (taps.held_log and taps.age say how much is); the"
                + " earliest position is "
                + events.earliest()));
  }

  static int whole(@Nullable String text, String name, int otherwise, int most) {
    if (text == null) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalidNumber(text, name, most);
    }
    throw invalidNumber(text, name, most);
  }

  private static ApiError.Thrown invalidNumber(String text, String name, int most) {
    return ApiError.invalid(name + " must be a whole number from 1 to " + most + ", not " + text);
  }

  /** A span such as {@code 10s} or {@code 500ms}. */
  static Duration span(@Nullable String text, String name, Duration otherwise, Duration most) {
    if (text == null) {
      return otherwise;
    }
    String number = text.replaceAll("(?:ms|s|m|h)$", "");
    String unit = text.substring(number.length());
    if (number.matches("[0-9]{1,9}")) {
      Duration one = TimeParameter.unit(unit.isEmpty() ? "s" : unit);
      Duration span = one.multipliedBy(Long.parseLong(number));
      if (span.compareTo(most) <= 0) {
        return span;
      }
    }
    throw ApiError.invalid(
        name + " must be a span of at most " + most.toSeconds() + "s, such as 10s, not " + text);
  }
}
