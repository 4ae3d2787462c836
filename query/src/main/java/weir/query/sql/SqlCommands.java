package weir.query.sql;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Statements that are no SELECT but can be told as one: {@code EXPLAIN} of a statement, and {@code
 * SHOW TABLES}. What they are told as goes through the gateway as if it had been sent.
 *
 * @param statement to check and run
 * @param explains whether its plan is asked for, and not its rows
 */
record SqlCommands(ScannedSql statement, boolean explains) {
  private static final Pattern EXPLAIN =
      Pattern.compile(
          "(?is)explain(?:\\s*\\(([^()]*)\\))?((?:\\s+(?:analyze|analyse|verbose)\\b)*)\\s*(?=\\S)");

  private static final Pattern PLAIN_OPTIONS =
      Pattern.compile(
          "(?is)\\s*(?:(?:verbose|costs|settings|summary)(?:\\s+\\w+)?|format\\s+'?text'?"
              + "|(?:analyze|buffers|timing|wal)\\s+(?:off|false|0))?\\s*");

  private static final Pattern SHOW =
      Pattern.compile("(?is)show\\s+(?:all\\s+)?(tables|databases|schemas)");

  private static final String TABLES =
      "SELECT table_name AS name FROM information_schema.tables ORDER BY table_name";

  static SqlCommands of(ScannedSql sql) throws SqlRefusedException {
    Matcher show = SHOW.matcher(sql.text());
    if (show.matches()) {
      return shown(sql, show.group(1).toLowerCase(Locale.ROOT));
    }
    Matcher explain = EXPLAIN.matcher(sql.text());
    if (!explain.lookingAt() || explain.end() == "explain".length()) {
      return new SqlCommands(sql, false);
    }
    for (String option : Optional.ofNullable(explain.group(1)).orElse("").split(",", -1)) {
      if (!PLAIN_OPTIONS.matcher(option).matches()) {
        throw refused(
            "EXPLAIN shows the plan as text and does not run the statement; leave out ("
                + option.strip()
                + ")");
      }
    }
    if (explain.group(2).toLowerCase(Locale.ROOT).contains("analy")) {
      throw refused(
          "EXPLAIN ANALYZE is not offered; EXPLAIN shows the plan, and a query's stats what it"
              + " read");
    }
    String rest = sql.text().substring(explain.end());
    return new SqlCommands(
        new ScannedSql(sql.original(), rest, sql.offset() + explain.end()), true);
  }

  private static SqlCommands shown(ScannedSql sql, String what) throws SqlRefusedException {
    if (!what.equals("tables")) {
      throw refused(
          "SHOW "
              + what.toUpperCase(Locale.ROOT)
              + " is not offered, since a key opens one project"
              + " alone; SHOW TABLES lists its tables");
    }
    return new SqlCommands(new ScannedSql(sql.original(), TABLES, sql.offset()), false);
  }

  private static SqlRefusedException refused(String message) {
    return SqlRefusedException.notAllowed(message, Optional.empty());
  }
}
