package weir.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import weir.event.NearestNames;

/**
 * Which parameters the query of a request may have: those that the description of the API names for
 * its route. Another one is a mistake that would answer something else than was asked for, and is
 * refused. What needs no key, and what lies beside the management API, takes any.
 */
final class KnownParameters {
  private static final String MANAGED = "/api/v1/";

  /** Ends the name of a parameter that stands for all that begin as it does. */
  private static final String ANY = ".NAME";

  /** Names the project of the request, wherever a key is needed. */
  private static final String PROJECT = "project";

  /** What libraries of browsers add so that no cache answers. */
  private static final String PAST_CACHES = "_";

  private final Map<String, Set<String>> names;

  private KnownParameters(Map<String, Set<String>> names) {
    this.names = names;
  }

  /** Those of a description in OpenAPI's JSON. */
  static KnownParameters of(String openApi) {
    try {
      JsonNode root = new ObjectMapper().readTree(openApi);
      Map<String, Set<String>> names = new HashMap<>();
      root.path("paths")
          .properties()
          .forEach(path ->
              path.getValue()
                  .properties()
                  .forEach(method ->
                      names.put(
                          name(method.getKey().toUpperCase(Locale.ROOT), path.getKey()),
                          inQuery(root, method.getValue().path("parameters")))));
      return new KnownParameters(names);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the description of the API is no JSON", e);
    }
  }

  private static String name(String method, String template) {
    return method + " " + template;
  }

  private static Set<String> inQuery(JsonNode root, JsonNode parameters) {
    Set<String> names = new TreeSet<>();
    for (JsonNode each : parameters) {
      String reference = each.path("$ref").asText();
      JsonNode parameter = reference.isEmpty() ? each : root.at(reference.substring(1));
      if (parameter.path("in").asText().equals("query")) {
        names.add(parameter.path("name").asText());
      }
    }
    return names;
  }

  /** Why a request with its query is not answered; empty if it is. */
  Optional<ApiError> refusal(Route route, HttpServerRequest request) {
    if (request.query() == null || request.query().isEmpty() || route.open()) {
      return Optional.empty();
    }
    Set<String> given;
    try {
      given = request.params().names();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          new ApiError(
              400,
              "malformed",
              "in the query stands a % without two hexadecimal digits behind it"));
    }
    if (!route.template().startsWith(MANAGED)) {
      return Optional.empty();
    }
    Set<String> known = of(route);
    return given.stream()
        .filter(name -> known.stream().noneMatch(each -> isMeant(each, name)))
        .filter(name -> !name.isEmpty() && !name.equals(PAST_CACHES))
        .findFirst()
        .map(name -> unknown(name, known, route));
  }

  private Set<String> of(Route route) {
    Set<String> known =
        new TreeSet<>(names.getOrDefault(name(route.method().name(), route.template()), Set.of()));
    known.add(PROJECT);
    return known;
  }

  private static boolean isMeant(String known, String name) {
    return known.endsWith(ANY)
        ? name.startsWith(known.substring(0, known.length() - ANY.length() + 1))
        : name.equals(known);
  }

  private static ApiError unknown(String name, Set<String> known, Route route) {
    List<String> nearest = NearestNames.of(name, known, 1);
    return new ApiError(
        400,
        "unknown_parameter",
        "no such parameter: "
            + name
            + (nearest.isEmpty() ? "" : "; the nearest: " + nearest.getFirst())
            + "; "
            + name(route.method().name(), route.template())
            + " takes "
            + String.join(", ", known));
  }
}
