package weir.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import weir.event.WellFormedText;

/** Reads the JSON objects that requests bring. */
final class JsonBody {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private JsonBody() {}

  /**
   * The object that a body is.
   *
   * @param fields that it may have
   * @throws ApiError.Thrown if it is none, or has others
   */
  static ObjectNode object(byte[] body, Collection<String> fields) {
    try {
      return object(JSON.readTree(body), "the body", fields);
    } catch (JsonProcessingException e) {
      throw ApiError.invalid("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ApiError.invalid("the body is not JSON");
    }
  }

  /** The same of a part of a body. */
  static ObjectNode object(JsonNode node, String what, Collection<String> fields) {
    if (!(node instanceof ObjectNode object)) {
      throw ApiError.invalid(what + " must be a JSON object");
    }
    object
        .fieldNames()
        .forEachRemaining(name -> {
          if (!fields.contains(name)) {
            throw ApiError.invalid(
                what + " has no field '" + name + "' but " + String.join(", ", fields));
          }
        });
    return object;
  }

  /** A name that a person gives, of one line; empty if a node is none, or longer than it may be. */
  static Optional<String> name(JsonNode node, int longest) {
    String name = node.isTextual() ? WellFormedText.of(node.textValue()).strip() : "";
    boolean isPlain = name.codePoints().noneMatch(Character::isISOControl);
    return name.isEmpty() || name.length() > longest || !isPlain
        ? Optional.empty()
        : Optional.of(name);
  }
}
