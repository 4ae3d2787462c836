package weir.query.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** Tables that are other tables told otherwise: DESCRIBE, SUMMARIZE, PIVOT and UNPIVOT. */
final class SqlShapes {
  private static final Set<String> SHOWN = Set.of("DESCRIBE", "SUMMARY");

  private SqlShapes() {}

  /** Why one must not run; empty if it may, provided that the tables within it may be read. */
  static Optional<String> refusal(JsonNode node) {
    if (node.path("type").asText().equals("SHOW_REF")) {
      boolean ofQuery =
          node.path("query").isObject()
              && SHOWN.contains(node.path("show_type").asText())
              && isEmpty(node, "table_name")
              && isEmpty(node, "schema_name")
              && isEmpty(node, "catalog_name");
      return ofQuery
          ? Optional.empty()
          : Optional.of(
              "this kind of SHOW is not allowed; SHOW TABLES lists the tables, DESCRIBE t the"
                  + " columns of one");
    }
    for (JsonNode pivot : node.path("pivots")) {
      if (!isEmpty(pivot, "pivot_enum")) {
        return Optional.of(
            "PIVOT by the values of a type is not allowed; name them: ON x IN ('a', 'b')");
      }
    }
    return Optional.empty();
  }

  private static boolean isEmpty(JsonNode node, String field) {
    return node.path(field).asText("").isEmpty();
  }
}
