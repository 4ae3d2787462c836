package weir.server.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.query.postgres.SqlToken;

/**
 * One statement of a text.
 *
 * @param sql without the semicolon
 * @param start how many characters of the text come before it
 * @param tokens of the statement; at least one
 */
record SqlText(String sql, int start, List<SqlToken> tokens) {

  /** The statements of a text that semicolons part, without empty ones. */
  static List<SqlText> split(String text) {
    List<SqlText> all = new ArrayList<>();
    List<SqlToken> tokens = new ArrayList<>();
    for (SqlToken token : SqlToken.of(text)) {
      if (token.is(";")) {
        add(all, text, tokens);
        tokens = new ArrayList<>();
      } else {
        tokens.add(token);
      }
    }
    add(all, text, tokens);
    return all;
  }

  private static void add(List<SqlText> all, String text, List<SqlToken> tokens) {
    if (!tokens.isEmpty()) {
      int start = tokens.getFirst().start();
      String sql = text.substring(start, tokens.getLast().end());
      all.add(new SqlText(sql, text.codePointCount(0, start), List.copyOf(tokens)));
    }
  }

  /** The statement that some of its tokens are; it starts where it does in this one. */
  SqlText part(int from, int to) {
    int begin = tokens.get(from).start() - tokens.getFirst().start();
    int end = tokens.get(to - 1).end() - tokens.getFirst().start();
    String inner = sql.substring(begin, end);
    return new SqlText(inner, sql.codePointCount(0, begin), SqlToken.of(inner));
  }

  Optional<LocalCommand> command() throws PostgresException {
    return LocalCommand.of(this);
  }
}
