package weir.query.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.sql.CheckedSql;
import weir.query.sql.SqlPlace;

/** What DuckDB's errors, which it gives as JSON, mean for a user. */
public final class DuckErrors {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Set<String> NOT_THE_USERS =
      Set.of("internal", "fatal", "io", "serialization", "connection", "http", "network");

  private static final Pattern UNKNOWN_COLUMN =
      Pattern.compile("Referenced column \"(.*?)\" (?:was )?not found", Pattern.DOTALL);

  private DuckErrors() {}

  /**
   * Translates an error.
   *
   * @param sql the user's statement, if it is his that failed
   */
  public static QueryException translate(
      SQLException e, Deadline deadline, Optional<CheckedSql> sql) {
    Optional<QueryError> ended = deadline.ended();
    if (ended.isPresent()) {
      return deadline.failure(ended.get());
    }
    String text = String.valueOf(e.getMessage());
    JsonNode error = read(text);
    String type = error.path("exception_type").asText("").toLowerCase(Locale.ROOT);
    String message = error.path("exception_message").asText(text);
    if (type.equals("out of memory")) {
      return new QueryException(
          QueryError.OUT_OF_MEMORY, "the query needs more memory than queries may have", e);
    }
    if (type.equals("permission")) {
      return new QueryException(QueryError.NOT_ALLOWED, message, e);
    }
    if (sql.isEmpty() || type.isEmpty() || NOT_THE_USERS.contains(type)) {
      // its text may hold paths
      return new QueryException(QueryError.INTERNAL, "the engine failed; the log says why", e);
    }
    JsonNode position = error.path("position");
    Optional<SqlPlace> place =
        position.isMissingNode() ? Optional.empty() : sql.get().place(position.asLong(-1));
    String hint = type.equals("binder") ? hint(message, sql.get()) : "";
    return new QueryException(QueryError.INVALID_SQL, message + hint, place, e);
  }

  /** Double quotes, which are for names, are for texts elsewhere. */
  private static String hint(String message, CheckedSql sql) {
    Matcher unknown = UNKNOWN_COLUMN.matcher(message);
    if (!unknown.find() || !sql.text().contains('"' + unknown.group(1) + '"')) {
      return "";
    }
    String name = unknown.group(1);
    return "\nIn double quotes it is a name; a text stands in single quotes: '"
        + name.replace("'", "''")
        + "'";
  }

  /** Whether a name was not found, perhaps since the views do not have all columns. */
  public static boolean isUnknownName(SQLException e) {
    return String.valueOf(e.getMessage()).contains("Binder");
  }

  private static JsonNode read(String text) {
    int brace = text.indexOf('{');
    if (brace < 0) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(text.substring(brace));
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }
}
