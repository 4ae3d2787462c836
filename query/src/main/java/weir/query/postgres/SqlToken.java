package weir.query.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A token of PostgreSQL's SQL.
 *
 * @param start index of its first character
 * @param end index after its last
 */
public record SqlToken(Kind kind, String text, int start, int end) {
  /**
   * A part of a text.
   *
   * @param text the whole of it; the token keeps its own part
   */
  public SqlToken {
    text = text.substring(start, end);
  }

  /** What a token is. */
  public enum Kind {
    WORD,
    /** A name in double quotes. */
    QUOTED,
    /** A string, in whichever quotes. */
    STRING,
    NUMBER,
    /** {@code $1} */
    PARAMETER,
    OPERATOR,
    /** One of {@code ( ) [ ] { } , ; . :}, or {@code ::}. */
    PUNCTUATION
  }

  private static final String OPERATORS = "+-*/<>=~!@#%^&|`?";

  /** The tokens of a text, without comments; what is unterminated goes to the end. */
  public static List<SqlToken> of(String sql) {
    List<SqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      if (sql.startsWith("--", at)) {
        int newline = sql.indexOf('\n', at);
        at = newline < 0 ? sql.length() : newline;
        continue;
      }
      if (sql.startsWith("/*", at)) {
        at = afterComment(sql, at);
        continue;
      }
      SqlToken token = token(sql, at, c);
      tokens.add(token);
      at = token.end();
    }
    return tokens;
  }

  private static SqlToken token(String sql, int at, char c) {
    if (c == '\'') {
      return new SqlToken(Kind.STRING, sql, at, quoted(sql, at, '\'', false));
    } else if (c == '"') {
      return new SqlToken(Kind.QUOTED, sql, at, quoted(sql, at, '"', false));
    } else if (c == '$') {
      return dollar(sql, at);
    } else if (isWordStart(c)) {
      int end = wordEnd(sql, at);
      boolean escaped = end - at == 1 && (c == 'e' || c == 'E');
      if (end - at == 1 && end < sql.length() && sql.charAt(end) == '\'') {
        return new SqlToken(Kind.STRING, sql, at, quoted(sql, end, '\'', escaped));
      }
      return new SqlToken(Kind.WORD, sql, at, end);
    } else if (isDigit(c)) {
      int end = at;
      while (end < sql.length() && (isDigit(sql.charAt(end)) || sql.charAt(end) == '.')) {
        end++;
      }
      return new SqlToken(Kind.NUMBER, sql, at, end);
    } else if (OPERATORS.indexOf(c) >= 0) {
      int end = at + 1;
      while (end < sql.length()
          && OPERATORS.indexOf(sql.charAt(end)) >= 0
          && !sql.startsWith("--", end)
          && !sql.startsWith("/*", end)) {
        end++;
      }
      return new SqlToken(Kind.OPERATOR, sql, at, end);
    }
    return new SqlToken(Kind.PUNCTUATION, sql, at, sql.startsWith("::", at) ? at + 2 : at + 1);
  }

  private static SqlToken dollar(String sql, int at) {
    int end = at + 1;
    while (end < sql.length() && isDigit(sql.charAt(end))) {
      end++;
    }
    if (end > at + 1) {
      return new SqlToken(Kind.PARAMETER, sql, at, end);
    }
    while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    if (end < sql.length() && sql.charAt(end) == '$') {
      String tag = sql.substring(at, end + 1);
      int close = sql.indexOf(tag, end + 1);
      return new SqlToken(Kind.STRING, sql, at, close < 0 ? sql.length() : close + tag.length());
    }
    return new SqlToken(Kind.PUNCTUATION, sql, at, at + 1);
  }

  private static int afterComment(String sql, int start) {
    int depth = 0;
    int at = start;
    while (at < sql.length()) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        at += 2;
        if (--depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return at;
  }

  private static int quoted(String sql, int open, char quote, boolean backslashes) {
    int at = open + 1;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && backslashes) {
        at++;
      } else if (c == quote) {
        if (at < sql.length() && sql.charAt(at) == quote) {
          at++;
        } else {
          return at;
        }
      }
    }
    return sql.length();
  }

  private static int wordEnd(String sql, int start) {
    int end = start;
    while (end < sql.length() && isWordPart(sql.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(char c) {
    return c == '_' || c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }

  /** Whether it is this word, in whatever case, or punctuation or an operator. */
  public boolean is(String wanted) {
    return kind != Kind.STRING && kind != Kind.QUOTED && text.equalsIgnoreCase(wanted);
  }

  /** Whether it can name something. */
  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** The name that it is, folded as PostgreSQL folds it. */
  public String name() {
    return kind == Kind.QUOTED && text.length() >= 2
        ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
        : text.toLowerCase(Locale.ROOT);
  }

  /** What a string in plain quotes holds; other tokens as they are. */
  public String content() {
    return kind == Kind.STRING && text.startsWith("'") && text.length() >= 2
        ? text.substring(1, text.length() - 1).replace("''", "'")
        : text;
  }
}
