package weir.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.burt.jmespath.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in a webhook's requests the fields of an event are: a JMESPath expression for each, over
 * {@code {"body":{},"headers":{},"query":{},"index":0,"received_at":"..."}}.
 *
 * <pre>{"event":"body.type","message_id":"body.id","properties":"body.data.object"}</pre>
 *
 * Immutable; the same request always makes the same event.
 */
public final class WebhookMapping {
  /** The fields that there are. */
  public static final List<String> FIELDS =
      List.of(
          "event",
          "message_id",
          "timestamp",
          "user_id",
          "anonymous_id",
          "group_id",
          "session_id",
          "value",
          "currency",
          "properties");

  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final String json;
  private final Map<String, Expression<JsonNode>> expressions;

  private WebhookMapping(String json, Map<String, Expression<JsonNode>> expressions) {
    this.json = json;
    this.expressions = expressions;
  }

  /**
   * Reads a mapping.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static WebhookMapping parse(String text) {
    JsonNode read;
    try {
      read = STRICT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the mapping is not JSON: " + MalformedException.notJson("it", e).problem(), e);
    }
    if (!(read instanceof ObjectNode object) || !object.has("event")) {
      throw new IllegalArgumentException(
          "a mapping is a JSON object with an expression for \"event\" at least, such as"
              + " {\"event\":\"body.type\",\"properties\":\"body\"}");
    }
    Map<String, Expression<JsonNode>> expressions = new LinkedHashMap<>();
    object
        .properties()
        .forEach(field -> expressions.put(field.getKey(), read(field.getKey(), field.getValue())));
    return new WebhookMapping(object.toString(), expressions);
  }

  private static Expression<JsonNode> read(String field, JsonNode expression) {
    if (!FIELDS.contains(field)) {
      throw new IllegalArgumentException(
          "a mapping has no field \"" + field + "\" but " + String.join(", ", FIELDS));
    }
    if (!expression.isTextual()) {
      throw new IllegalArgumentException("\"" + field + "\" must be a JMESPath expression, a text");
    }
    try {
      return BoundedExpressions.read(expression.textValue());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + field + "\": " + e.getMessage(), e);
    }
  }

  /** As it is kept. */
  public String json() {
    return json;
  }

  /**
   * The value of a field for a request; null where it says none.
   *
   * @throws UnusableEventException if the expression fails
   */
  @Nullable JsonNode value(String field, JsonNode document, BoundedExpressions.Purse purse)
      throws UnusableEventException {
    Expression<JsonNode> expression = expressions.get(field);
    if (expression == null) {
      return null;
    }
    try {
      JsonNode value = BoundedExpressions.evaluate(expression, document, purse);
      return value == null || value.isNull() || value.isMissingNode() ? null : value;
    } catch (IllegalArgumentException e) {
      throw failed("its expression for " + field + " fails: " + e.getMessage());
    }
  }

  /** The fault of an event that the mapping does not suit. */
  static UnusableEventException failed(String why) {
    String shortened = why.length() <= 300 ? why : why.substring(0, 300) + "...";
    return new UnusableEventException(
        "mapping_failed",
        "the webhook's mapping makes no event of this request: "
            + shortened
            + "; mend it (./weir webhook change ID --mapping FILE), then ./weir webhook replay ID");
  }
}
