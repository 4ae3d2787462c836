package weir.query.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The catalog that clients of PostgreSQL look into, and the functions that they call: views and
 * macros over two tables, {@link #RELATIONS} and {@link #COLUMNS}, that hold one project's own.
 * Read from catalog.sql.
 */
public final class PostgresCatalog {
  /** A project's tables: oid, name. */
  public static final String RELATIONS = "weir_relations";

  /** Their columns: relation, number from 1, name, type's oid, its size. */
  public static final String COLUMNS = "weir_columns";

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

  private PostgresCatalog() {}

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
    return VIEWS.keySet();
  }

  /** The statement that makes a table of the catalog; empty if there is none of this name. */
  public static Optional<String> view(String name) {
    return Optional.ofNullable(VIEWS.get(name));
  }

  /** The functions that statements may call beside the engine's own. */
  public static Set<String> functions() {
    return MACROS.keySet();
  }

  /** The statement that makes a function, which may name {@code $project}. */
  public static String macro(String name) {
    return Objects.requireNonNull(MACROS.get(name), name);
  }
}
