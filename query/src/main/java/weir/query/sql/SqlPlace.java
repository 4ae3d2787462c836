package weir.query.sql;

/**
 * A place in a statement as people count: from 1, columns in Unicode code points.
 *
 * @param line the line, from 1
 * @param column the column in that line, from 1
 */
public record SqlPlace(int line, int column) {
  public SqlPlace {
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("line " + line + ", column " + column);
    }
  }

  /** The index into a statement's characters that has this place. */
  public int indexIn(String sql) {
    int lineStart = 0;
    for (int passed = 1; passed < line; passed++) {
      int newline = sql.indexOf('\n', lineStart);
      if (newline < 0) {
        return sql.length();
      }
      lineStart = newline + 1;
    }
    int left = sql.codePointCount(lineStart, sql.length());
    return sql.offsetByCodePoints(lineStart, Math.min(column - 1, left));
  }

  /** The place of an index into the statement's characters. */
  public static SqlPlace ofIndex(String sql, int index) {
    int end = Math.min(index, sql.length());
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < end; i++) {
      if (sql.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new SqlPlace(line, sql.codePointCount(lineStart, end) + 1);
  }
}
