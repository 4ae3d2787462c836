package weir.server.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.query.postgres.SqlToken;

/**
 * A command about the session, answered without the query process but for a statement within it.
 *
 * @param kind what it does
 * @param tag what the client is told when it is done
 * @param name of a parameter, savepoint, cursor or prepared statement; empty for all or none
 * @param value that the parameter gets, or how many rows are fetched
 * @param inner the statement of a cursor or a copy
 */
record LocalCommand(Kind kind, String tag, String name, String value, Optional<SqlText> inner) {
  /** What a command does. */
  enum Kind {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    ROLLBACK_TO,
    SET,
    SET_LOCAL,
    RESET,
    SHOW,
    DEALLOCATE,
    DISCARD,
    DECLARE,
    FETCH,
    MOVE,
    CLOSE,
    COPY,
    /** Has no effect here. */
    NOTHING;

    /** Whether it may be said in a transaction that has failed. */
    boolean endsFailed() {
      return this == COMMIT || this == ROLLBACK || this == ROLLBACK_TO;
    }
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
          Map.entry("declare", "DECLARE CURSOR"),
          Map.entry("fetch", "FETCH"),
          Map.entry("move", "MOVE"),
          Map.entry("close", "CLOSE CURSOR"),
          Map.entry("copy", "COPY"),
          Map.entry("listen", "LISTEN"),
          Map.entry("unlisten", "UNLISTEN"));

  /** What SHOW says of the tables, which the query process knows. */
  private static final Set<String> SHOWN_BY_QUERIES = Set.of("tables", "databases", "schemas");

  LocalCommand(Kind kind, String tag, String name, String value) {
    this(kind, tag, name, value, Optional.empty());
  }

  /** The command that a statement is; empty for one that is for the query process. */
  static Optional<LocalCommand> of(SqlText text) throws PostgresException {
    List<SqlToken> tokens = text.tokens();
    SqlToken first = tokens.getFirst();
    String tag = TAGS.get(first.name());
    if (tag == null || first.kind() != SqlToken.Kind.WORD || isForQueries(tokens)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (first.name()) {
          case "begin", "start" -> new LocalCommand(Kind.BEGIN, tag, "", "");
          case "rollback", "abort" -> rollback(tokens, tag);
          case "commit", "end" -> new LocalCommand(Kind.COMMIT, tag, "", "");
          case "savepoint" -> new LocalCommand(Kind.SAVEPOINT, tag, last(tokens), "");
          case "release" -> new LocalCommand(Kind.RELEASE, tag, last(tokens), "");
          case "set" -> set(tokens);
          case "reset" -> new LocalCommand(Kind.RESET, tag, parameter(tokens), "");
          case "show" -> new LocalCommand(Kind.SHOW, tag, parameter(tokens), "");
          case "discard" -> new LocalCommand(Kind.DISCARD, tag, "", "");
          case "deallocate" -> closing(Kind.DEALLOCATE, tag, "DEALLOCATE ALL", tokens);
          case "close" -> closing(Kind.CLOSE, tag, "CLOSE CURSOR ALL", tokens);
          case "declare" -> CursorSyntax.declare(text, tag);
          case "fetch" -> CursorSyntax.fetch(tokens, Kind.FETCH, tag);
          case "move" -> CursorSyntax.fetch(tokens, Kind.MOVE, tag);
          case "copy" -> new LocalCommand(Kind.COPY, tag, "", "", Optional.of(text));
          default -> new LocalCommand(Kind.NOTHING, tag, "", "");
        });
  }

  private static boolean isForQueries(List<SqlToken> tokens) {
    return tokens.getFirst().is("show")
        && tokens.size() > 1
        && SHOWN_BY_QUERIES.contains(tokens.getLast().name());
  }

  private static String last(List<SqlToken> tokens) {
    return tokens.size() < 2 ? "" : tokens.getLast().name();
  }

  private static LocalCommand rollback(List<SqlToken> tokens, String tag) {
    return tokens.stream().anyMatch(token -> token.is("to"))
        ? new LocalCommand(Kind.ROLLBACK_TO, tag, last(tokens), "")
        : new LocalCommand(Kind.ROLLBACK, tag, "", "");
  }

  private static LocalCommand closing(Kind kind, String tag, String all, List<SqlToken> tokens) {
    return tokens.getLast().is("all")
        ? new LocalCommand(kind, all, "", "")
        : new LocalCommand(kind, tag, last(tokens), "");
  }

  /** The parameter that SHOW or RESET names; {@code all} for all. */
  private static String parameter(List<SqlToken> tokens) {
    if (tokens.size() == 4 && tokens.get(1).is("transaction")) {
      return "transaction_isolation";
    } else if (tokens.size() == 3 && tokens.get(1).is("time")) {
      return "timezone";
    } else if (tokens.size() > 3 && tokens.get(2).is(".")) {
      return (tokens.get(1).name() + "." + tokens.get(3).name()).toLowerCase(Locale.ROOT);
    }
    return tokens.size() < 2 ? "" : tokens.get(1).name().toLowerCase(Locale.ROOT);
  }

  /** {@code SET [SESSION|LOCAL] name {=|TO} value} and the zone; other forms have no effect. */
  private static LocalCommand set(List<SqlToken> tokens) {
    Kind kind = tokens.size() > 1 && tokens.get(1).is("local") ? Kind.SET_LOCAL : Kind.SET;
    int at = 1;
    if (tokens.size() > 2 && (tokens.get(1).is("session") || tokens.get(1).is("local"))) {
      at = 2;
    }
    if (tokens.size() > at + 2 && tokens.get(at).is("time") && tokens.get(at + 1).is("zone")) {
      int from = tokens.get(at + 2).is("interval") ? at + 3 : at + 2;
      boolean isSigned = tokens.get(from).is("-") || tokens.get(from).is("+");
      List<SqlToken> zone =
          tokens.subList(from, Math.min(tokens.size(), isSigned ? from + 2 : from + 1));
      return new LocalCommand(kind, "SET", "timezone", value(zone));
    }
    String name = tokens.size() > at ? tokens.get(at).name().toLowerCase(Locale.ROOT) : "";
    if (tokens.size() > at + 2 && tokens.get(at + 1).is(".")) {
      name = name + "." + tokens.get(at + 2).name().toLowerCase(Locale.ROOT);
      at += 2;
    }
    boolean isAssignment =
        tokens.size() > at + 2 && (tokens.get(at + 1).is("=") || tokens.get(at + 1).is("to"));
    return isAssignment
        ? new LocalCommand(kind, "SET", name, value(tokens.subList(at + 2, tokens.size())))
        : new LocalCommand(Kind.NOTHING, "SET", "", "");
  }

  private static String value(List<SqlToken> tokens) {
    StringBuilder value = new StringBuilder();
    for (SqlToken token : tokens) {
      boolean glued = value.isEmpty() || token.is(",") || value.toString().endsWith("-");
      value
          .append(glued ? "" : " ")
          .append(token.kind() == SqlToken.Kind.QUOTED ? token.name() : token.content());
    }
    return value.toString();
  }
}
