package weir.query.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Bounds a statement's size and nesting before the parser recurses over it, and finds that it is
 * one statement.
 *
 * <p>Knows quotes ({@code '}, {@code E''}, {@code "}, {@code `}, {@code $tag$}) and comments
 * ({@code --} and nested block comments), so that what they hold counts as nothing. What is
 * unterminated is left to the parser, which says it better. One pass, no recursion.
 */
final class SqlScanner {
  static final int MAX_BYTES = 64 * 1024;
  static final int MAX_DEPTH = 100;
  static final int MAX_SET_OPERATIONS = 200;

  private final String sql;
  private final Deque<String> open = new ArrayDeque<>();
  private int at;
  private int first = -1;
  private int last = -1;
  private boolean ended;
  private int setOperations;

  private SqlScanner(String sql) {
    this.sql = sql;
  }

  /**
   * The one statement in the text, without comments and semicolons around it.
   *
   * @throws SqlRefusedException if it is too long, too deep, none or more than one
   */
  static ScannedSql statement(String sql) throws SqlRefusedException {
    if (sql.length() > MAX_BYTES || sql.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw SqlRefusedException.invalid(
          "the statement is longer than " + MAX_BYTES + " bytes", Optional.empty());
    }
    int nul = sql.indexOf('\0');
    if (nul >= 0) {
      throw SqlRefusedException.invalid(
          "the statement contains a NUL character", Optional.of(SqlPlace.ofIndex(sql, nul)));
    }
    SqlScanner scanner = new SqlScanner(sql);
    scanner.scan();
    if (scanner.first < 0) {
      throw SqlRefusedException.invalid("the statement is empty", Optional.empty());
    }
    return new ScannedSql(sql, sql.substring(scanner.first, scanner.last), scanner.first);
  }

  private void scan() throws SqlRefusedException {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (isSpace(c)) {
        at++;
      } else if (sql.startsWith("--", at)) {
        skipLine();
      } else if (sql.startsWith("/*", at)) {
        skipBlockComment();
      } else if (c == ';') {
        ended = first >= 0;
        at++;
      } else {
        token(c);
      }
    }
  }

  private void skipLine() {
    while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
      at++;
    }
  }

  private void token(char c) throws SqlRefusedException {
    if (ended) {
      throw SqlRefusedException.notAllowed("only one statement is allowed", Optional.of(place()));
    }
    if (first < 0) {
      first = at;
    }
    switch (c) {
      case '\'', '"', '`' -> skipQuoted(c, false);
      case '$' -> skipDollar();
      case '(', '[', '{' -> push(String.valueOf(c));
      case ')', ']', '}' -> pop();
      default -> {
        if (isWordStart(c)) {
          word();
        } else {
          at++;
        }
      }
    }
    last = Math.min(at, sql.length());
  }

  private void word() throws SqlRefusedException {
    int start = at;
    while (at < sql.length() && isWordPart(sql.charAt(at))) {
      at++;
    }
    if (at - start == 1 && at < sql.length() && sql.charAt(at) == '\'') {
      skipQuoted('\'', sql.charAt(start) == 'e' || sql.charAt(start) == 'E');
      return;
    }
    switch (SqlName.fold(sql.substring(start, at))) {
      case "case" -> {
        at--;
        push("case");
      }
      case "end" -> {
        if ("case".equals(open.peek())) {
          open.pop();
        }
      }
      case "union", "intersect", "except" -> {
        if (++setOperations > MAX_SET_OPERATIONS) {
          throw SqlRefusedException.invalid(
              "more than " + MAX_SET_OPERATIONS + " set operations", Optional.of(place()));
        }
      }
      default -> {}
    }
  }

  private void push(String bracket) throws SqlRefusedException {
    open.push(bracket);
    if (open.size() > MAX_DEPTH) {
      throw SqlRefusedException.invalid(
          "nested deeper than " + MAX_DEPTH + " levels", Optional.of(place()));
    }
    at++;
  }

  /** Closes the innermost bracket, and any CASE that was left open in it, as it cannot nest. */
  private void pop() {
    while ("case".equals(open.peek())) {
      open.pop();
    }
    if (!open.isEmpty()) {
      open.pop();
    }
    at++;
  }

  private void skipQuoted(char quote, boolean backslashes) {
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && backslashes) {
        at++;
      } else if (c == quote) {
        if (at < sql.length() && sql.charAt(at) == quote) {
          at++;
        } else {
          return;
        }
      }
    }
  }

  private void skipDollar() {
    int tagEnd = at + 1;
    while (tagEnd < sql.length() && isWordPart(sql.charAt(tagEnd)) && sql.charAt(tagEnd) != '$') {
      tagEnd++;
    }
    boolean quotes =
        tagEnd < sql.length()
            && sql.charAt(tagEnd) == '$'
            && !Character.isDigit(sql.charAt(at + 1));
    if (!quotes) {
      at = Math.max(tagEnd, at + 1);
      return;
    }
    String tag = sql.substring(at, tagEnd + 1);
    int close = sql.indexOf(tag, tagEnd + 1);
    at = close < 0 ? sql.length() : close + tag.length();
  }

  private void skipBlockComment() {
    int depth = 0;
    while (at < sql.length()) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return;
        }
      } else {
        at++;
      }
    }
    at = sql.length();
  }

  private SqlPlace place() {
    return SqlPlace.ofIndex(sql, at);
  }

  /** What ends a word for the engine; some of these are letters to Java. */
  private static boolean isSpace(char c) {
    return switch (c) {
      case '\t', '\n', 0x0b, '\f', '\r', ' ', 0xa0, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff -> true;
      default -> c >= 0x2000 && c <= 0x200b;
    };
  }

  private static boolean isWordStart(char c) {
    return c == '_'
        || (c >= 0x80 && !isSpace(c))
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z');
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || c == '$' || (c >= '0' && c <= '9');
  }
}
