package weir.query.postgres;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One pass over the tokens of a statement. It knows what clients send that the engine says
 * otherwise: the schemas of the catalog, {@code OPERATOR()}, types of names and object ids, regular
 * expressions, which find in PostgreSQL and match as a whole in the engine, and arrays in strings.
 */
final class Translation {
  private static final Set<String> SCHEMAS = Set.of("pg_catalog", "public");
  private static final String INFORMATION_SCHEMA = "information_schema";
  private static final Set<String> DROPPED_COLLATIONS = Set.of("default", "C", "c", "POSIX");
  static final Set<String> AFTER_A_TABLE =
      Set.of(
          "where",
          "join",
          "inner",
          "left",
          "right",
          "full",
          "cross",
          "natural",
          "on",
          "using",
          "order",
          "group",
          "having",
          "limit",
          "offset",
          "union",
          "intersect",
          "except",
          "fetch",
          "window",
          "for");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("name", "varchar"),
          Map.entry("char", "varchar"),
          Map.entry("oid", "uinteger"),
          Map.entry("jsonb", "json"),
          Map.entry("citext", "varchar"),
          Map.entry("inet", "varchar"),
          Map.entry("money", "decimal(38, 2)"),
          Map.entry("xid", "bigint"),
          Map.entry("regproc", "varchar"),
          Map.entry("regclass", "varchar"),
          Map.entry("regtype", "varchar"),
          Map.entry("regnamespace", "varchar"),
          Map.entry("regrole", "varchar"),
          Map.entry("regprocedure", "varchar"),
          Map.entry("regoper", "varchar"),
          Map.entry("regoperator", "varchar"),
          Map.entry("regconfig", "varchar"),
          Map.entry("regdictionary", "varchar"),
          Map.entry("regcollation", "varchar"),
          Map.entry("cstring", "varchar"),
          Map.entry("information_schema.sql_identifier", "varchar"),
          Map.entry("sql_identifier", "varchar"),
          Map.entry("character_data", "varchar"),
          Map.entry("cardinal_number", "integer"),
          Map.entry("_text", "varchar[]"),
          Map.entry("_varchar", "varchar[]"),
          Map.entry("_int4", "integer[]"),
          Map.entry("_int8", "bigint[]"),
          Map.entry("int2vector", "integer[]"),
          Map.entry("oidvector", "uinteger[]"),
          Map.entry("_oid", "uinteger[]"));

  private static final Map<String, String> LOOKUPS =
      Map.of(
          "regclass", "(SELECT oid FROM pg_class WHERE relname = ",
          "regtype", "to_regtype(",
          "regproc", "(SELECT min(oid) FROM pg_proc WHERE proname = ",
          "regnamespace", "(SELECT oid FROM pg_namespace WHERE nspname = ");

  private final List<SqlToken> tokens;
  private final List<Integer> parameterTypes;
  private final PostgresSql.Builder out;
  private final Edits edits;
  private final Deque<Boolean> casts = new ArrayDeque<>();
  private int at;

  Translation(String sql, List<Integer> parameterTypes) {
    this.tokens = SqlToken.of(sql);
    this.parameterTypes = parameterTypes;
    this.out = new PostgresSql.Builder(sql);
    this.edits = Rewrites.of(tokens);
  }

  /** Makes the types of parameters plain, see {@link PostgresSql#inferring}. */
  void infer() {
    Inference.note(tokens, edits);
  }

  PostgresSql run() {
    while (at < tokens.size()) {
      int first = at;
      SqlToken token = tokens.get(at);
      out.insert(token.start(), edits.before(at));
      Optional<String> instead = edits.instead(at);
      if (instead.isPresent()) {
        out.replace(token.start(), token.end(), instead.get());
        at++;
      } else {
        translate(token);
      }
      for (int i = first; i < at; i++) {
        out.insert(tokens.get(at - 1).end(), edits.after(i));
      }
    }
    return out.build();
  }

  private void translate(SqlToken token) {
    switch (token.kind()) {
      case WORD, QUOTED -> word(token);
      case STRING -> string(token);
      case PARAMETER -> parameter(token);
      case OPERATOR, NUMBER -> at++;
      case PUNCTUATION -> punctuation(token);
    }
  }

  private Optional<SqlToken> token(int index) {
    return index >= 0 && index < tokens.size() ? Optional.of(tokens.get(index)) : Optional.empty();
  }

  private boolean is(int index, String wanted) {
    return token(index).filter(token -> token.is(wanted)).isPresent();
  }

  private boolean isName(int index) {
    return token(index).filter(SqlToken::isName).isPresent();
  }

  private boolean isSchema(int index) {
    return isName(index)
        && is(index + 1, ".")
        && (SCHEMAS.contains(tokens.get(index).name())
            || tokens.get(index).name().equals(INFORMATION_SCHEMA));
  }

  private void word(SqlToken token) {
    if (is(at + 1, ".") && is(at + 2, "tableoid")) {
      out.replace(token.start(), tokens.get(at + 2).end(), "CAST(NULL AS UINTEGER)");
      at += 3;
    } else if (is(at + 1, ".") && isSchema(at + 2) && !is(at - 1, ".")) {
      out.replace(token.start(), tokens.get(at + 2).start(), "");
      at += 2;
      schema(tokens.get(at));
    } else if (isSchema(at) && !is(at - 1, ".")) {
      schema(token);
    } else if (token.is("operator") && is(at + 1, "(")) {
      namedOperator();
    } else if (token.is("collate")) {
      collation(token);
    } else if (token.is("as") && Boolean.TRUE.equals(casts.peek())) {
      at++;
      type();
    } else if ((token.is("any") || token.is("all")) && is(at + 1, "(") && isArrayText(at + 2)) {
      anyOf();
    } else if (token.is("pg_get_keywords") && is(at + 1, "(") && is(at + 2, ")")) {
      out.replace(token.start(), tokens.get(at + 2).end(), "pg_keywords");
      at += 3;
    } else if (token.is("regexp_replace") && arguments(at + 1) == 2) {
      out.replace(token.start(), token.end(), "regexp_remove"); // Redshift's
      at++;
    } else if (token.is("pg_get_late_binding_view_cols") && is(at + 4, "(")) {
      lateBindingColumns(token);
    } else {
      at++;
    }
  }

  /** Drops a schema; a table of the information schema bears it in its name. */
  private void schema(SqlToken token) {
    SqlToken after = token(at + 2).orElse(token);
    if (!token.name().equals(INFORMATION_SCHEMA) || is(at + 3, "(") || is(at + 3, ".")) {
      out.replace(token.start(), after.start(), "");
      at += 2;
      return;
    }
    String alias = hasAlias(at + 3) ? "" : " AS " + after.name();
    out.replace(token.start(), after.end(), INFORMATION_SCHEMA + "_" + after.name() + alias);
    at += 3;
  }

  private boolean hasAlias(int index) {
    Optional<SqlToken> next = token(index).filter(SqlToken::isName);
    return next.isPresent()
        && (next.get().kind() == SqlToken.Kind.QUOTED
            || !AFTER_A_TABLE.contains(next.get().name()));
  }

  /** {@code OPERATOR(pg_catalog.~)} */
  private void namedOperator() {
    int inside = isSchema(at + 2) ? at + 4 : at + 2;
    if (is(inside + 1, ")")) {
      String sign = tokens.get(inside).text();
      out.replace(tokens.get(at).start(), tokens.get(inside + 1).end(), sign);
      at = inside + 2;
    } else {
      at++;
    }
  }

  private void collation(SqlToken token) {
    int named = isSchema(at + 1) ? at + 3 : at + 1;
    if (isName(named) && DROPPED_COLLATIONS.contains(tokens.get(named).name())) {
      out.replace(token.start(), tokens.get(named).end(), "");
      at = named + 1;
    } else {
      at++;
    }
  }

  private void string(SqlToken token) {
    int named = isSchema(at + 2) ? at + 4 : at + 2;
    Optional<String> lookup =
        is(at + 1, "::") && isName(named)
            ? Optional.ofNullable(LOOKUPS.get(tokens.get(named).name()))
            : Optional.empty();
    if (lookup.isPresent()) {
      String name = token.content();
      out.replace(
          token.start(), tokens.get(named).end(), lookup.get() + quoted(plainName(name)) + ")");
      at = named + 1;
    } else {
      literal(token);
      at++;
    }
  }

  /** The last part of a name that may be qualified or in quotes. */
  static String plainName(String name) {
    return name.substring(name.lastIndexOf('.') + 1).replace("\"", "");
  }

  /** Arrays, and times before Christ, are written otherwise. */
  private void literal(SqlToken token) {
    String content = token.content();
    if (is(at + 1, "::") && isArrayText(at) && isArrayType(at + 2)) {
      PostgresArray.engineText(content)
          .ifPresent(list -> out.replace(token.start(), token.end(), quoted(list)));
    } else if (content.startsWith("\\x") && is(at + 1, "::") && is(at + 2, "bytea")) {
      out.replace(token.start(), token.end(), quoted(PostgresBytes.engineText(content)));
    } else if (content.endsWith(" BC") && (is(at + 1, "::") || isName(at - 1))) {
      out.replace(token.start(), token.end(), quoted(PostgresTimes.engineText(content)));
    }
  }

  private boolean isArrayType(int index) {
    int named = isSchema(index) ? index + 2 : index;
    if (!isName(named)) {
      return false;
    }
    int after = is(named + 1, "(") ? named + 4 : named + 1;
    return tokens.get(named).name().startsWith("_") || is(after, "[");
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private void parameter(SqlToken token) {
    int number = Integer.parseInt(token.text(), 1, Math.min(token.text().length(), 6), 10);
    int oid = number >= 1 && number <= parameterTypes.size() ? parameterTypes.get(number - 1) : 0;
    PostgresType.ofOid(oid)
        .filter(type -> type != PostgresType.TEXT && type != PostgresType.VARCHAR)
        .ifPresent(type ->
            out.replace(
                token.start(),
                token.end(),
                "CAST(" + token.text() + " AS " + type.engineType() + ")"));
    at++;
  }

  private void punctuation(SqlToken token) {
    at++;
    switch (token.text()) {
      case "(" -> casts.push(is(at - 2, "cast"));
      case ")" -> casts.poll();
      case "::" -> type();
      default -> {}
    }
  }

  /** Translates the type that comes next. */
  private void type() {
    int from = at;
    int named = isSchema(at) ? at + 2 : at;
    if (!isName(named)) {
      return;
    }
    String name = tokens.get(named).name();
    boolean anyDigits = (name.equals("numeric") || name.equals("decimal")) && !is(named + 1, "(");
    String known = anyDigits ? PostgresType.NUMERIC.engineType() : TYPES.get(name);
    if (known != null && !(known.equals("varchar") && is(named, "char"))) {
      out.replace(tokens.get(from).start(), tokens.get(named).end(), known);
    } else if (named != from) {
      out.replace(tokens.get(from).start(), tokens.get(named).start(), "");
    }
    at = named + 1;
  }

  private boolean isArrayText(int index) {
    return token(index)
        .filter(token -> token.kind() == SqlToken.Kind.STRING)
        .filter(token -> token.content().startsWith("{") && token.content().endsWith("}"))
        .isPresent();
  }

  /** How many arguments are between this parenthesis and its end. */
  private int arguments(int parenthesis) {
    int depth = 0;
    int count = 1;
    for (int i = parenthesis; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.is("(")) {
        depth++;
      } else if (token.is(")") && --depth == 0) {
        return count;
      } else if (token.is(",") && depth == 1) {
        count++;
      }
    }
    return 0;
  }

  /** Redshift's function with a list of columns. */
  private void lateBindingColumns(SqlToken token) {
    String alias = tokens.get(at + 3).text();
    while (at < tokens.size() - 1 && !is(at, ")")) {
      at++;
    }
    do {
      at++;
    } while (at < tokens.size() - 1 && !is(at, ")"));
    out.replace(token.start(), tokens.get(at).end(), "pg_late_binding_view_cols AS " + alias);
    at++;
  }

  /** {@code ANY ('{a,b}'::text[])} */
  private void anyOf() {
    SqlToken array = tokens.get(at + 2);
    String inside = array.content().substring(1, array.content().length() - 1);
    String list =
        inside.isEmpty()
            ? "[]"
            : Arrays.stream(inside.split(",", -1))
                .map(element -> quoted(element.strip().replace("\"", "")))
                .collect(Collectors.joining(", ", "[", "]"));
    out.replace(array.start(), array.end(), list);
    casts.push(false);
    at += 3;
  }
}
