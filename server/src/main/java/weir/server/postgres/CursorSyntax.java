package weir.server.postgres;

import java.util.List;
import java.util.Optional;
import weir.query.postgres.SqlToken;

/** How cursors are declared and read. */
final class CursorSyntax {
  /** The value of a command that fetches all rows that are left. */
  static final String ALL = "all";

  /** The value of a declaration whose cursor outlives the transaction. */
  static final String HOLD = "hold";

  private CursorSyntax() {}

  private static PostgresException syntax(String what) {
    return new PostgresException("42601", "syntax error: " + what);
  }

  /** {@code DECLARE name ... CURSOR [WITH HOLD] FOR statement} */
  static LocalCommand declare(SqlText text, String tag) throws PostgresException {
    List<SqlToken> tokens = text.tokens();
    boolean isHeld = false;
    boolean isCursor = false;
    for (int i = 2; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      isCursor |= token.is("cursor");
      isHeld |= token.is("hold") && tokens.get(i - 1).is("with");
      if (isCursor && token.is("for") && i + 1 < tokens.size()) {
        return new LocalCommand(
            LocalCommand.Kind.DECLARE,
            tag,
            tokens.get(1).name(),
            isHeld ? HOLD : "",
            Optional.of(text.part(i + 1, tokens.size())));
      }
    }
    throw syntax("DECLARE name CURSOR FOR a statement is expected");
  }

  /** {@code FETCH [direction] [FROM|IN] name} */
  static LocalCommand fetch(List<SqlToken> tokens, LocalCommand.Kind kind, String tag)
      throws PostgresException {
    if (tokens.size() < 2) {
      throw syntax(tag + " needs the name of a cursor");
    }
    String name = tokens.getLast().name();
    int end = tokens.size() - 1;
    if (end > 1 && (tokens.get(end - 1).is("from") || tokens.get(end - 1).is("in"))) {
      end--;
    }
    return new LocalCommand(kind, tag, name, count(tokens.subList(1, end)));
  }

  private static String count(List<SqlToken> direction) throws PostgresException {
    if (direction.isEmpty() || direction.getFirst().is("next")) {
      return "1";
    }
    SqlToken last = direction.getLast();
    boolean forward = direction.getFirst().is("forward");
    boolean plain = direction.size() == (forward ? 2 : 1);
    if (forward && direction.size() == 1) {
      return "1";
    } else if (plain && last.is(ALL)) {
      return ALL;
    } else if (plain && last.kind() == SqlToken.Kind.NUMBER && last.text().matches("\\d{1,9}")) {
      return last.text();
    }
    throw new PostgresException("55000", "cursor can only scan forward");
  }
}
