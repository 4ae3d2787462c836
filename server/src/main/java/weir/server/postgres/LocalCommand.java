package weir.server.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import weir.query.postgres.PostgresCatalog;
import weir.query.postgres.SqlToken;

/**
 * A command about the session, which reads no table: answered without the query process.
 *
 * @param kind what it does
 * @param tag what the client is told when it is done
 * @param name of a parameter, or of a prepared statement; empty for all or none
 * @param value that the parameter gets
 */
record LocalCommand(Kind kind, String tag, String name, String value) {
  /** What a command does. */
  enum Kind {
    BEGIN,
    /** Ends a transaction, whichever way. */
    END,
    SET,
    SHOW,
    DEALLOCATE,
    /** Has no effect here. */
    NOTHING
  }

  private static final Map<String, String> TAGS =
      Map.ofEntries(
          Map.entry("begin", "BEGIN"),
          Map.entry("start", "START TRANSACTION"),
          Map.entry("commit", "COMMIT"),
          Map.entry("end", "COMMIT"),
          Map.entry("rollback", "ROLLBACK"),
          Map.entry("abort", "ROLLBACK"),
          Map.entry("savepoint", "SAVEPOINT"),
          Map.entry("release", "RELEASE"),
          Map.entry("set", "SET"),
          Map.entry("reset", "RESET"),
          Map.entry("show", "SHOW"),
          Map.entry("discard", "DISCARD ALL"),
          Map.entry("deallocate", "DEALLOCATE"),
          Map.entry("close", "CLOSE CURSOR"),
          Map.entry("listen", "LISTEN"),
          Map.entry("unlisten", "UNLISTEN"));

  /** What a parameter is that nobody has set. */
  static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("server_version", PostgresCatalog.VERSION),
          Map.entry("server_version_num", "150000"),
          Map.entry("server_encoding", "UTF8"),
          Map.entry("client_encoding", "UTF8"),
          Map.entry("datestyle", "ISO, MDY"),
          Map.entry("timezone", "UTC"),
          Map.entry("integer_datetimes", "on"),
          Map.entry("standard_conforming_strings", "on"),
          Map.entry("intervalstyle", "postgres"),
          Map.entry("is_superuser", "off"),
          Map.entry("application_name", ""),
          Map.entry("search_path", "public"),
          Map.entry("transaction_isolation", "read committed"),
          Map.entry("default_transaction_isolation", "read committed"),
          Map.entry("transaction_read_only", "on"),
          Map.entry("default_transaction_read_only", "on"),
          Map.entry("max_identifier_length", "63"),
          Map.entry("max_index_keys", "32"),
          Map.entry("lc_collate", "C"),
          Map.entry("lc_ctype", "C"),
          Map.entry("extra_float_digits", "1"),
          Map.entry("bytea_output", "hex"),
          Map.entry("statement_timeout", "0"));

  /** The command that a statement is; empty for one that is for the query process. */
  static Optional<LocalCommand> of(List<SqlToken> tokens) {
    SqlToken first = tokens.getFirst();
    String tag = TAGS.get(first.name());
    if (tag == null || first.kind() != SqlToken.Kind.WORD) {
      return Optional.empty();
    }
    return Optional.of(
        switch (first.name()) {
          case "begin", "start" -> new LocalCommand(Kind.BEGIN, tag, "", "");
          case "rollback" ->
              tokens.stream().anyMatch(token -> token.is("to"))
                  ? new LocalCommand(Kind.NOTHING, tag, "", "")
                  : new LocalCommand(Kind.END, tag, "", "");
          case "commit", "end", "abort" -> new LocalCommand(Kind.END, tag, "", "");
          case "set" -> set(tokens);
          case "show" -> new LocalCommand(Kind.SHOW, tag, shown(tokens), "");
          case "discard" -> new LocalCommand(Kind.DEALLOCATE, tag, "", "");
          case "deallocate" -> deallocate(tokens);
          default -> new LocalCommand(Kind.NOTHING, tag, "", "");
        });
  }

  private static LocalCommand deallocate(List<SqlToken> tokens) {
    SqlToken last = tokens.getLast();
    return last.is("all")
        ? new LocalCommand(Kind.DEALLOCATE, "DEALLOCATE ALL", "", "")
        : new LocalCommand(Kind.DEALLOCATE, "DEALLOCATE", last.name(), "");
  }

  private static String shown(List<SqlToken> tokens) {
    if (tokens.size() == 4 && tokens.get(1).is("transaction")) {
      return "transaction_isolation";
    } else if (tokens.size() == 3 && tokens.get(1).is("time")) {
      return "timezone";
    }
    return tokens.size() < 2 ? "" : tokens.get(1).name();
  }

  /** {@code SET [SESSION|LOCAL] name {=|TO} value}; other forms have no effect. */
  private static LocalCommand set(List<SqlToken> tokens) {
    int at = 1;
    if (tokens.size() > 2 && (tokens.get(1).is("session") || tokens.get(1).is("local"))) {
      at = 2;
    }
    boolean isAssignment =
        tokens.size() > at + 2 && (tokens.get(at + 1).is("=") || tokens.get(at + 1).is("to"));
    if (!isAssignment) {
      return new LocalCommand(Kind.NOTHING, "SET", "", "");
    }
    StringBuilder value = new StringBuilder();
    for (SqlToken token : tokens.subList(at + 2, tokens.size())) {
      boolean glued = value.isEmpty() || token.is(",") || value.toString().endsWith("-");
      value
          .append(glued ? "" : " ")
          .append(token.kind() == SqlToken.Kind.QUOTED ? token.name() : token.content());
    }
    return new LocalCommand(
        Kind.SET, "SET", tokens.get(at).name().toLowerCase(Locale.ROOT), value.toString());
  }
}
