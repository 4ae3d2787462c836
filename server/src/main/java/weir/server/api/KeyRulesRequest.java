package weir.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import weir.collect.KeyRules;

/** What a request wants of the rules of a write key; rules are kept as the JSON they are. */
final class KeyRulesRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private KeyRulesRequest() {}

  /**
   * Rules of a new key; empty for none.
   *
   * @throws ApiError.Thrown saying what is wrong with them
   */
  static Optional<String> of(JsonNode rules) {
    return rules.isMissingNode() || rules.isNull()
        ? Optional.empty()
        : checked(JsonBody.object(rules, "rules", KeyRules.FIELDS));
  }

  /** A change of rules: what is not named stays, what is null goes (RFC 7396). */
  record Change(Optional<ObjectNode> rules) {
    /**
     * Reads a body.
     *
     * @throws ApiError.Thrown saying what is wrong with it
     */
    static Change parse(byte[] body) {
      ObjectNode json = JsonBody.object(body, List.of("rules"));
      JsonNode rules = json.path("rules");
      if (rules.isMissingNode()) {
        throw ApiError.invalid("the body must have rules: what of them is to change, or null");
      }
      return of(rules);
    }

    /** The same of a part of a body. */
    static Change of(JsonNode rules) {
      return new Change(
          rules.isNull()
              ? Optional.empty()
              : Optional.of(JsonBody.object(rules, "rules", KeyRules.FIELDS)));
    }

    /** The rules after the change. */
    Optional<String> of(Optional<String> before) {
      if (rules.isEmpty()) {
        return Optional.empty();
      }
      ObjectNode merged = before.map(KeyRulesRequest::read).orElseGet(JSON::createObjectNode);
      rules
          .get()
          .properties()
          .forEach(field -> {
            if (field.getValue().isNull()) {
              merged.remove(field.getKey());
            } else {
              merged.set(field.getKey(), field.getValue());
            }
          });
      return checked(merged);
    }
  }

  private static ObjectNode read(String kept) {
    try {
      return (ObjectNode) JSON.readTree(kept);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("rules were kept that are no JSON", e);
    }
  }

  private static Optional<String> checked(ObjectNode json) {
    try {
      KeyRules rules = KeyRules.parse(json.toString());
      return rules.equals(KeyRules.NONE) ? Optional.empty() : Optional.of(rules.json());
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("rules: " + e.getMessage());
    }
  }
}
