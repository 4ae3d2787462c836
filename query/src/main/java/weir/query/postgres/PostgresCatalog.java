package weir.query.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The catalog that clients of PostgreSQL look into, and the functions that they call: views and
 * macros over two tables, {@link #RELATIONS} and {@link #COLUMNS}, that hold one project's own, and
 * over what a real PostgreSQL says of itself. What is ours is read from catalog.sql; its tables
 * have the columns that PostgreSQL gives them, and null in those that catalog.sql does not fill.
 */
public final class PostgresCatalog {
  /** A project's tables: oid, name. */
  public static final String RELATIONS = "weir_relations";

  /** Their columns: relation, number from 1, name, type's oid, its size. */
  public static final String COLUMNS = "weir_columns";

  /** The lists of columns that {@link #RELATIONS} have: {@link #COLUMNS} is both joined. */
  public static final String SHAPES = "weir_shapes";

  /** What comes before the name of a table of the catalog whose rows are kept as texts. */
  public static final String KEPT = "weir_kept_";

  /** What the server says that it is: clients choose their catalog queries by it. */
  public static final String VERSION = "15.0";

  private static final Pattern HEAD =
      Pattern.compile("(?m)^create temp (view|macro) \"?(\\w+)", Pattern.CASE_INSENSITIVE);

  private static final Map<String, String> VIEWS = new LinkedHashMap<>();
  private static final Map<String, String> MACROS = new LinkedHashMap<>();

  static {
    String all = read();
    for (String statement : all.split(";\\R", -1)) {
      Matcher head = HEAD.matcher(statement);
      if (head.find()) {
        boolean isView = head.group(1).equalsIgnoreCase("view");
        (isView ? VIEWS : MACROS)
            .put(head.group(2).toLowerCase(Locale.ROOT), statement.substring(head.start()));
      }
    }
  }

  private static final Map<String, String> PARAMETERS = settings();

  private static final Set<String> NAMES =
      Stream.concat(VIEWS.keySet().stream(), CatalogData.names().stream())
          .collect(Collectors.toUnmodifiableSet());

  private PostgresCatalog() {}

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(CatalogData.parameters());
    settings.putAll(
        Map.ofEntries(
            Map.entry("server_version", VERSION),
            Map.entry("server_version_num", "150000"),
            Map.entry("server_encoding", "UTF8"),
            Map.entry("client_encoding", "UTF8"),
            Map.entry("datestyle", "ISO, MDY"),
            Map.entry("timezone", "UTC"),
            Map.entry("integer_datetimes", "on"),
            Map.entry("is_superuser", "off"),
            Map.entry("search_path", "public"),
            Map.entry("transaction_isolation", "read committed"),
            Map.entry("transaction_read_only", "on"),
            Map.entry("default_transaction_read_only", "on"),
            Map.entry("max_identifier_length", "63"),
            Map.entry("max_index_keys", "32"),
            Map.entry("lc_collate", "C"),
            Map.entry("lc_ctype", "C"),
            Map.entry("jit", "off")));
    return Map.copyOf(settings);
  }

  /** What can be set or shown in a session, by names in lower case, and what it is at first. */
  public static Map<String, String> parameters() {
    return PARAMETERS;
  }

  private static String read() {
    try (InputStream in =
        Objects.requireNonNull(PostgresCatalog.class.getResourceAsStream("catalog.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read catalog.sql", e);
    }
  }

  /** The names of the catalog's tables. */
  public static Set<String> views() {
    return NAMES;
  }

  /**
   * The statement that makes a table of the catalog, which may name {@link #KEPT} with the table's
   * name; empty if there is none of this name.
   */
  public static Optional<String> view(String name) {
    Optional<String> ours = Optional.ofNullable(VIEWS.get(name));
    Optional<Map<String, String>> columns = CatalogData.columns(name);
    if (columns.isEmpty()) {
      return ours;
    }
    String head = "create temp view " + name + " as ";
    if (CatalogData.WITH_ROWS.contains(name)) {
      return Optional.of(head + kept(columns.get()) + KEPT + name);
    }
    String empty = empty(columns.get());
    return Optional.of(
        ours.map(own ->
                head
                    + kept(columns.get())
                    + "("
                    + empty
                    + " union all by name ("
                    + body(own)
                    + "))")
            .orElse(head + empty));
  }

  private static String body(String view) {
    return view.substring(view.indexOf(" as") + 3);
  }

  private static String empty(Map<String, String> columns) {
    return columns.entrySet().stream()
        .map(column -> "null::" + column.getValue() + " as \"" + column.getKey() + '"')
        .collect(Collectors.joining(", ", "select ", " where false"));
  }

  private static String kept(Map<String, String> columns) {
    StringBuilder select = new StringBuilder("select ");
    for (Map.Entry<String, String> column : columns.entrySet()) {
      select.append(select.length() > 7 ? ", " : "").append('"').append(column.getKey());
      select.append("\"::").append(column.getValue()).append(" as \"");
      select.append(column.getKey()).append('"');
    }
    return select.append(" from ").toString();
  }

  /** The rows that are the same in every database, if a table has such, as texts and nulls. */
  public static Optional<Rows> rows(String name) {
    return CatalogData.WITH_ROWS.contains(name)
        ? Optional.of(
            new Rows(
                List.copyOf(CatalogData.columns(name).orElseThrow().keySet()),
                CatalogData.rows(name)))
        : Optional.empty();
  }

  /**
   * Rows of a table of the catalog.
   *
   * @param columns their names
   * @param values of each row, one for each column
   */
  public record Rows(List<String> columns, List<@Nullable String[]> values) {}

  /** The functions that statements may call beside the engine's own. */
  public static Set<String> functions() {
    return MACROS.keySet();
  }

  /** The statement that makes a function, which may name {@code $project}, {@code $settings}. */
  public static String macro(String name) {
    return Objects.requireNonNull(MACROS.get(name), name)
        .replace("$typeids", name.equals("to_regtype") ? CatalogData.typeIds() : "")
        .replace("$types", name.equals("format_type") ? CatalogData.typeNames() : "");
  }
}
