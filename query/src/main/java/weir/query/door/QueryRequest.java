package weir.query.door;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.lake.AsOf;
import weir.query.Access;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.rendering.ResultFormat;

/** What POST /api/v1/query asks for. */
record QueryRequest(
    Query query,
    ResultFormat format,
    long limit,
    Duration timeout,
    Optional<String> id,
    boolean async) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Set<String> FIELDS =
      Set.of("sql", "parameters", "limit", "timeout", "format", "id", "async", "as_of");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  /** Reads a request. */
  static QueryRequest parse(Access access, byte[] body, QueryOptions options)
      throws QueryException {
    JsonNode root = read(body);
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw invalid(
            "unknown field "
                + field.getKey()
                + "; there are "
                + String.join(", ", FIELDS.stream().sorted().toList()));
      }
    }
    JsonNode sql = root.path("sql");
    if (!sql.isTextual()) {
      throw invalid("sql must be a string");
    }
    return new QueryRequest(
        new Query(
            access, sql.asText(), parameters(root.path("parameters")), asOf(root.path("as_of"))),
        format(root.path("format")),
        limit(root.path("limit"), options),
        timeout(root.path("timeout"), options),
        id(root.path("id")),
        flag(root.path("async")));
  }

  /** A JSON object. */
  private static JsonNode read(byte[] body) throws QueryException {
    try {
      JsonNode root = JSON.readTree(body);
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      String message = e.getOriginalMessage();
      int detail = message.indexOf(" (start marker at");
      throw new QueryException(
          QueryError.INVALID_REQUEST,
          "the body is not JSON: " + (detail < 0 ? message : message.substring(0, detail)),
          e);
    } catch (IOException e) {
      throw new QueryException(QueryError.INVALID_REQUEST, "the body cannot be read", e);
    }
    throw invalid("the body must be a JSON object");
  }

  private static List<@Nullable Object> parameters(JsonNode node) throws QueryException {
    List<@Nullable Object> values = new ArrayList<>();
    if (absent(node)) {
      return values;
    }
    if (!node.isArray()) {
      throw invalid("parameters must be an array");
    }
    for (JsonNode value : node) {
      values.add(parameter(value));
    }
    return values;
  }

  private static @Nullable Object parameter(JsonNode value) throws QueryException {
    return switch (value.getNodeType()) {
      case NULL -> null;
      case BOOLEAN -> value.booleanValue();
      case STRING -> value.textValue();
      case NUMBER -> {
        if (value.isIntegralNumber()) {
          yield value.canConvertToLong()
              ? (Object) value.longValue()
              : (Object) value.decimalValue();
        }
        yield value.doubleValue();
      }
      default -> throw invalid("a parameter must be a string, number, boolean or null");
    };
  }

  private static ResultFormat format(JsonNode node) throws QueryException {
    if (absent(node)) {
      return ResultFormat.JSON;
    }
    return ResultFormat.named(node.asText())
        .orElseThrow(() -> invalid("format must be json, csv, ndjson or parquet"));
  }

  private static long limit(JsonNode node, QueryOptions options) throws QueryException {
    if (absent(node)) {
      return options.jsonLimit();
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw invalid("limit must be a whole number of at least 0");
    }
    return node.longValue();
  }

  private static Duration timeout(JsonNode node, QueryOptions options) throws QueryException {
    if (absent(node)) {
      return options.timeout();
    }
    Duration timeout = duration(node.asText());
    if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(options.maxTimeout()) > 0) {
      throw invalid(
          "timeout must be above 0 and at most " + options.maxTimeout().toSeconds() + "s");
    }
    return timeout;
  }

  private static Duration duration(String text) throws QueryException {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      String unit = matcher.group(2).toUpperCase(Locale.ROOT);
      long amount = Long.parseLong(matcher.group(1));
      return unit.equals("MS") ? Duration.ofMillis(amount) : Duration.parse("PT" + amount + unit);
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "timeout must be like 500ms, 60s, 5m or 1h", e);
    }
  }

  private static Optional<String> id(JsonNode node) throws QueryException {
    if (absent(node)) {
      return Optional.empty();
    }
    if (!node.isTextual() || !ID.matcher(node.asText()).matches()) {
      throw invalid("id must be 1 to 64 letters, digits, _ or -");
    }
    return Optional.of(node.asText());
  }

  private static Optional<AsOf> asOf(JsonNode node) throws QueryException {
    return absent(node)
        ? Optional.empty()
        : Optional.of(asOf(node.isTextual() ? node.asText() : ""));
  }

  private static AsOf asOf(String text) throws QueryException {
    return AsOf.parse(text)
        .orElseThrow(
            () -> invalid("as_of must be a snapshot's name or a time like 2026-01-01T00:00:00Z"));
  }

  private static boolean flag(JsonNode node) throws QueryException {
    if (absent(node)) {
      return false;
    }
    if (!node.isBoolean()) {
      throw invalid("async must be true or false");
    }
    return node.booleanValue();
  }

  private static boolean absent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static QueryException invalid(String message) {
    return new QueryException(QueryError.INVALID_REQUEST, message);
  }
}
