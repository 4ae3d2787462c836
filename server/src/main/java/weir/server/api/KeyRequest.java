package weir.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.event.WellFormedText;
import weir.event.WrittenNumber;
import weir.metadata.KeyLimit;
import weir.metadata.KeyScope;
import weir.metadata.NewKey;

/**
 * The keys that a request wants to be made.
 *
 * @param several whether it names a list of them
 */
record KeyRequest(List<NewKey> keys, boolean several) {
  private static final int MOST = 1000;
  private static final int LONGEST_NAME = 200;
  private static final List<String> OF_ONE =
      List.of("kind", "source", "name", "scope", "installation", "limit", "rules");

  /**
   * Reads a body: one key, or {@code {"keys":[...]}}.
   *
   * @throws ApiError.Thrown saying what is wrong with it
   */
  static KeyRequest parse(byte[] body) {
    List<String> fields = new ArrayList<>(OF_ONE);
    fields.add("keys");
    ObjectNode json = JsonBody.object(body, fields);
    JsonNode list = json.get("keys");
    if (list == null) {
      return new KeyRequest(List.of(key(json, "the body")), false);
    }
    if (json.size() > 1 || !list.isArray() || list.isEmpty() || list.size() > MOST) {
      throw ApiError.invalid("keys must be a list of 1 to " + MOST + " keys, and stand alone");
    }
    List<NewKey> keys = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      String what = "keys[" + i + "]";
      keys.add(key(JsonBody.object(list.get(i), what, OF_ONE), what));
    }
    return new KeyRequest(List.copyOf(keys), true);
  }

  /** Whether one of them is of the whole installation. */
  boolean ofInstallation() {
    return keys.stream().anyMatch(key -> key instanceof NewKey.Api api && api.installation());
  }

  private static NewKey key(ObjectNode json, String what) {
    String kind = json.path("kind").asText();
    try {
      switch (kind) {
        case "write" -> {
          JsonBody.object(json, what + " of the kind write", List.of("kind", "source", "rules"));
          return new NewKey.Write(text(json, "source", ""), KeyRulesRequest.of(json.path("rules")));
        }
        case "api" -> {
          JsonBody.object(
              json,
              what + " of the kind api",
              OF_ONE.stream().filter(f -> !f.equals("source") && !f.equals("rules")).toList());
          return api(json);
        }
        default -> throw ApiError.invalid("kind must be write or api");
      }
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(what + ": " + e.getMessage());
    }
  }

  private static NewKey.Api api(ObjectNode json) {
    KeyScope scope =
        switch (json.path("scope").asText()) {
          case "read" -> KeyScope.READ;
          case "admin" -> KeyScope.ADMIN;
          default -> throw new IllegalArgumentException("scope must be read or admin");
        };
    JsonNode installation = json.path("installation");
    if (!installation.isMissingNode() && !installation.isBoolean()) {
      throw new IllegalArgumentException("installation must be true or false");
    }
    String name = json.has("name") ? text(json, "name", "") : "";
    return new NewKey.Api(name, scope, installation.asBoolean(), limit(json.path("limit")));
  }

  private static Optional<KeyLimit> limit(JsonNode limit) {
    if (limit.isMissingNode() || limit.isNull()) {
      return Optional.empty();
    }
    ObjectNode json = JsonBody.object(limit, "limit", List.of("property", "value"));
    JsonNode value = json.path("value");
    if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
      throw new IllegalArgumentException("limit's value must be a text, a number, true or false");
    }
    String written =
        value.isFloatingPointNumber()
            ? WrittenNumber.ofDecimal(value.decimalValue()).toString()
            : WellFormedText.of(value.toString());
    if (written.length() > LONGEST_NAME && value.asText().length() > LONGEST_NAME) {
      throw new IllegalArgumentException("limit's value may have " + LONGEST_NAME + " characters");
    }
    return Optional.of(new KeyLimit(text(json, "property", "limit's "), written));
  }

  private static String text(ObjectNode json, String field, String whose) {
    return JsonBody.name(json.path(field), LONGEST_NAME)
        .orElseThrow(() ->
            new IllegalArgumentException(
                whose + field + " must be a text of 1 to " + LONGEST_NAME + " characters"));
  }
}
