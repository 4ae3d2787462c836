package weir.server.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.OptionalInt;

/** The query process's errors as PostgreSQL's. */
final class QueryErrors {
  private static final ObjectMapper JSON = new ObjectMapper();

  private QueryErrors() {}

  /**
   * Translates an error.
   *
   * @param body as the API would answer it
   * @param sql the statement that it is of
   */
  static PostgresException translate(String body, String sql) {
    JsonNode error;
    try {
      error = JSON.readTree(body).path("error");
    } catch (JsonProcessingException e) {
      return new PostgresException("XX000", "the query process answered something unknown");
    }
    String message = error.path("message").asText();
    String state = state(error.path("code").asText(), message);
    OptionalInt position =
        error.has("line")
            ? position(sql, error.path("line").asInt(), error.path("column").asInt())
            : OptionalInt.empty();
    return new PostgresException(state, message, position);
  }

  private static String state(String code, String message) {
    return switch (code) {
      case "invalid_sql" -> invalid(message.toLowerCase(Locale.ROOT));
      case "not_allowed" -> notAllowed(message);
      case "query_timeout", "query_cancelled" -> "57014";
      case "out_of_memory", "statement_too_expensive" -> "53200";
      case "too_many_queries" -> "53300";
      case "request_too_large", "result_too_large" -> "54000";
      case "query_lost" -> "57014";
      case "unavailable", "query_unavailable" -> "57P03";
      case "not_found" -> "3D000";
      default -> "XX000";
    };
  }

  private static String notAllowed(String message) {
    if (message.startsWith("function ")) {
      return "42883";
    }
    return message.startsWith("only SELECT") ? "25006" : "42501";
  }

  private static String invalid(String message) {
    if (message.contains("there is no table") || message.contains("table with name")) {
      return "42P01";
    } else if (message.contains("unrecognized configuration parameter")) {
      return "42704";
    } else if (message.contains("column")) {
      return "42703";
    } else if (message.contains("function")) {
      return "42883";
    } else if (message.contains("syntax error") || message.contains("parse")) {
      return "42601";
    } else if (message.contains("could not convert") || message.contains("conversion")) {
      return "22P02";
    } else if (message.contains("out of range")) {
      return "22003";
    }
    return "42000";
  }

  /** In characters from 1, as PostgreSQL counts. */
  private static OptionalInt position(String sql, int line, int column) {
    int start = 0;
    for (int passed = 1; passed < line; passed++) {
      int newline = sql.indexOf('\n', start);
      if (newline < 0) {
        return OptionalInt.empty();
      }
      start = newline + 1;
    }
    return OptionalInt.of(sql.codePointCount(0, start) + column);
  }
}
