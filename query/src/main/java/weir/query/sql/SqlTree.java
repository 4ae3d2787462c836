package weir.query.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Walks a parsed statement and refuses what is not allowed.
 *
 * <p>The walk keeps a stack of its own, so that no tree is too deep for it. Each node carries the
 * common table expressions that it can see: only a name that no such expression hides is a table.
 * An expression sees those written before it, and itself if it is recursive, as in the engine; the
 * names of others are never taken for it, since behind an unknown name the engine looks for files
 * and catalogs.
 */
final class SqlTree {
  private static final int MAX_JOINS = 100;

  private static final Set<String> QUERY_NODES =
      Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE");

  private static final Set<String> TABLES =
      Set.of(
          "EMPTY",
          "BASE_TABLE",
          "SUBQUERY",
          "JOIN",
          "TABLE_FUNCTION",
          "EXPRESSION_LIST",
          "SHOW_REF",
          "PIVOT");

  private static final Set<String> MODIFIERS =
      Set.of(
          "ORDER_MODIFIER",
          "LIMIT_MODIFIER",
          "DISTINCT_MODIFIER",
          "ORDER_DEFAULT",
          "ASCENDING",
          "DESCENDING");

  private static final Set<String> EXPRESSIONS =
      Set.of(
          "BETWEEN",
          "CASE",
          "CAST",
          "COLLATE",
          "COLUMN_REF",
          "COMPARISON",
          "CONJUNCTION",
          "CONSTANT",
          "FUNCTION",
          "LAMBDA",
          "OPERATOR",
          "PARAMETER",
          "POSITIONAL_REFERENCE",
          "STAR",
          "SUBQUERY",
          "TYPE",
          "WINDOW");

  private record Scope(String name, @Nullable Scope outer) {
    static boolean has(@Nullable Scope scope, String name) {
      for (Scope each = scope; each != null; each = each.outer) {
        if (each.name.equals(name)) {
          return true;
        }
      }
      return false;
    }
  }

  private record Visit(JsonNode node, @Nullable Scope scope) {}

  /** Table, column and fields of structs: each part costs the binder time. */
  private static final int NAME_PARTS = 100;

  private final ScannedSql sql;
  private final Set<String> moreFunctions;
  private final Deque<Visit> pending = new ArrayDeque<>();
  private final Map<String, Optional<SqlPlace>> tables = new LinkedHashMap<>();
  private final Set<String> relations = new HashSet<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> lookalikes = new HashMap<>();
  private final List<Integer> informationSchema = new ArrayList<>();
  private final Set<String> catalog = new TreeSet<>();
  private boolean wholeRows;
  private int joins;

  SqlTree(ScannedSql sql, Set<String> moreFunctions) {
    this.sql = sql;
    this.moreFunctions = moreFunctions;
  }

  /** Folded table names, with their first places; after the walk. */
  Map<String, Optional<SqlPlace>> tables() {
    return tables;
  }

  /** The views of the information schema that the statement names; after the walk. */
  Set<String> catalog() {
    return catalog;
  }

  /** Where it names them, in bytes of its text; after the walk. */
  List<Integer> catalogBytes() {
    return informationSchema;
  }

  /**
   * Whether columns may be seen that are not named: by a star, a natural join, a list of new names
   * for a table's columns, or a table's name in the place of a column's. After the walk.
   */
  boolean seesWholeRows() {
    return wholeRows || names.stream().anyMatch(relations::contains);
  }

  void walk(JsonNode statement) throws SqlRefusedException {
    push(statement, null);
    while (!pending.isEmpty()) {
      Visit visit = pending.pop();
      JsonNode node = visit.node();
      if (node.isArray()) {
        for (JsonNode element : node) {
          push(element, visit.scope());
        }
      } else if (node.path("class").isTextual()) {
        expression(node, visit.scope());
      } else if (node.path("type").isTextual()) {
        typed(node, visit.scope());
      } else {
        children(node, visit.scope(), "");
      }
    }
  }

  private void push(JsonNode node, @Nullable Scope scope) {
    if (node.isContainerNode()) {
      pending.push(new Visit(node, scope));
    }
  }

  private void children(JsonNode node, @Nullable Scope scope, String except) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().equals(except)) {
        push(field.getValue(), scope);
      }
    }
  }

  private void expression(JsonNode node, @Nullable Scope scope) throws SqlRefusedException {
    String kind = node.path("class").asText();
    if (!EXPRESSIONS.contains(kind)) {
      throw refused(kind.toLowerCase(Locale.ROOT) + " expressions are not allowed", node);
    }
    switch (kind) {
      case "FUNCTION", "WINDOW" -> {
        String name = node.path("function_name").asText();
        if (!SqlAllowList.function(name) && !moreFunctions.contains(SqlName.fold(name))) {
          throw refusedFunction("function ", name, node);
        }
        unqualified(node, "function " + name);
        if (node.path("export_state").asBoolean()) {
          throw refused("EXPORT_STATE is not allowed", node);
        }
      }
      case "TYPE" -> {
        String name = node.path("type_name").asText();
        if (!SqlAllowList.type(name)) {
          throw refused("type " + name + " is not allowed", node);
        }
        unqualified(node, "type " + name);
      }
      case "COLUMN_REF" -> {
        int parts = node.path("column_names").size();
        if (parts > NAME_PARTS) {
          throw refused("a name of " + parts + " parts is not allowed", node);
        }
        if (parts == 1) {
          names.add(folded(node.path("column_names").get(0)));
        }
      }
      case "STAR" -> wholeRows = true;
      default -> {}
    }
    children(node, scope, "");
  }

  private void typed(JsonNode node, @Nullable Scope scope) throws SqlRefusedException {
    String type = node.path("type").asText();
    if (QUERY_NODES.contains(type)) {
      query(node, type, scope);
    } else if (TABLES.contains(type)) {
      table(node, type, scope);
    } else if (MODIFIERS.contains(type)) {
      children(node, scope, "");
    } else {
      throw refused(name(type) + " is not allowed", node);
    }
  }

  private static String name(String type) {
    return switch (type) {
      case "COPY_QUERY_NODE" -> "COPY";
      case "INSERT_QUERY_NODE" -> "INSERT";
      case "UPDATE_QUERY_NODE" -> "UPDATE";
      case "DELETE_QUERY_NODE" -> "DELETE";
      default -> type;
    };
  }

  private void query(JsonNode node, String type, @Nullable Scope outer) throws SqlRefusedException {
    Scope scope = outer;
    for (JsonNode entry : node.path("cte_map").path("map")) {
      String name = relation(entry.path("key").asText(), node);
      JsonNode definition = entry.path("value");
      if (!definition.path("key_targets").isEmpty()
          || !definition.path("payload_aggregates").isEmpty()) {
        throw refused("USING KEY is not allowed", node);
      }
      push(definition, scope);
      scope = new Scope(name, scope);
    }
    if (type.equals("RECURSIVE_CTE_NODE")) {
      String itself = folded(node.path("cte_name"));
      push(node.path("right"), new Scope(itself, scope));
      Scope others = scope;
      node.properties().stream()
          .filter(field -> !field.getKey().equals("right") && !field.getKey().equals("cte_map"))
          .forEach(field -> push(field.getValue(), others));
      return;
    }
    children(node, scope, "cte_map");
  }

  /**
   * The name of a table or common table expression, folded. Two that only look the same are refused
   * together: whoever wrote them may mean one.
   */
  private String relation(String name, JsonNode node) throws SqlRefusedException {
    String folded = SqlName.fold(name);
    String other = lookalikes.putIfAbsent(SqlName.lookalike(name), folded);
    if (other != null && !other.equals(folded)) {
      throw refused(
          "%s and %s differ only in letters that are easily taken for each other: call one otherwise"
              .formatted(other, folded),
          node);
    }
    return folded;
  }

  private static String folded(JsonNode name) {
    return SqlName.fold(name.asText());
  }

  private void table(JsonNode node, String type, @Nullable Scope scope) throws SqlRefusedException {
    relations.add(folded(node.path("alias")));
    relations.add(folded(node.path("table_name")));
    wholeRows |=
        !node.path("column_name_alias").isEmpty()
            || node.path("ref_type").asText().equals("NATURAL");
    switch (type) {
      case "BASE_TABLE" -> baseTable(node, scope);
      case "TABLE_FUNCTION" -> {
        JsonNode call = node.path("function");
        String name = call.path("function_name").asText();
        if (!SqlAllowList.tableFunction(name)) {
          throw refusedFunction("table function ", name, node);
        }
        unqualified(call, "table function " + name);
        children(call, scope, "");
        children(node, scope, "function");
      }
      case "SHOW_REF", "PIVOT" -> {
        Optional<String> why = SqlShapes.refusal(node);
        if (why.isPresent()) {
          throw refused(why.get(), node);
        }
        wholeRows = true;
        children(node, scope, "");
      }
      case "JOIN" -> {
        if (++joins > MAX_JOINS) {
          throw SqlRefusedException.invalid("more than " + MAX_JOINS + " joins", place(node));
        }
        children(node, scope, "");
      }
      default -> children(node, scope, "");
    }
  }

  private void baseTable(JsonNode node, @Nullable Scope scope) throws SqlRefusedException {
    JsonNode path = node.path("qualified_name").path("path");
    String name = node.path("table_name").asText();
    if (!node.path("at_clause").isNull()) {
      throw refused("AT is not allowed", node);
    }
    if (path.size() == 2 && InformationSchema.has(path.get(0).asText(), name)) {
      informationSchema.add(node.path("query_location").asInt(-1));
      catalog.add(InformationSchema.view(name));
      children(node, scope, "");
      return;
    }
    if (path.size() != 1 || !path.get(0).asText().equals(name)) {
      throw refused("tables are named without schema or catalog, not " + joined(path), node);
    }
    String folded = relation(name, node);
    if (!Scope.has(scope, folded)) {
      tables.putIfAbsent(folded, place(node));
    }
    children(node, scope, "");
  }

  private static String joined(JsonNode path) {
    StringBuilder name = new StringBuilder();
    for (JsonNode part : path) {
      name.append(name.isEmpty() ? "" : ".").append(part.asText());
    }
    return name.toString();
  }

  private void unqualified(JsonNode node, String what) throws SqlRefusedException {
    boolean plain =
        node.path("schema").asText().isEmpty()
            && node.path("catalog").asText().isEmpty()
            && node.path("qualified_name").path("path").size() <= 1;
    if (!plain) {
      throw refused(what + " must be named without schema or catalog", node);
    }
  }

  private SqlRefusedException refusedFunction(String kind, String name, JsonNode node) {
    if (SqlAllowList.isOfEngine(name)) {
      return refused(kind + name + " is not allowed", node);
    }
    return SqlRefusedException.invalid(
        "there is no " + kind + name + SqlAllowList.nearest(name), place(node));
  }

  private SqlRefusedException refused(String message, JsonNode node) {
    return SqlRefusedException.notAllowed(message, place(node));
  }

  private Optional<SqlPlace> place(JsonNode node) {
    JsonNode location = node.path("query_location");
    return location.canConvertToInt() ? sql.place(location.asInt()) : Optional.empty();
  }
}
