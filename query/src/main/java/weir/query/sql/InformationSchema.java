package weir.query.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of the information schema that a statement may name. The engine has some of its own of
 * these names, which show the whole instance, so a statement is made to name views instead, in
 * texts of the same length: every place in it stays where it was.
 */
final class InformationSchema {
  private static final String SCHEMA = "information_schema";
  private static final Set<String> TABLES = Set.of("tables", "columns");
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)(information_schema|\"information_schema\")\\s*\\.\\s*\"?(tables|columns)\"?");

  private InformationSchema() {}

  static boolean has(String schema, String table) {
    return SqlName.same(schema, SCHEMA) && TABLES.contains(SqlName.fold(table));
  }

  /** The view that is named instead of a table. */
  static String view(String table) {
    return SCHEMA + "_" + SqlName.fold(table);
  }

  /**
   * The statement with the views in the places of the tables.
   *
   * @param places of tables of the schema, in bytes
   * @throws SqlRefusedException if a name is not written plainly
   */
  static String replaced(ScannedSql sql, List<Integer> places) throws SqlRefusedException {
    byte[] bytes = sql.text().getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder(sql.text());
    for (int place : places) {
      if (place < 0 || place > bytes.length) {
        throw notPlain(Optional.empty());
      }
      int start = new String(bytes, 0, place, StandardCharsets.UTF_8).length();
      Matcher name = NAME.matcher(text).region(start, text.length());
      if (!name.lookingAt()) {
        throw notPlain(sql.place(place));
      }
      String view = view(name.group(2));
      text.replace(start, name.end(), view + " ".repeat(name.end() - start - view.length()));
    }
    return text.toString();
  }

  private static SqlRefusedException notPlain(Optional<SqlPlace> place) {
    return SqlRefusedException.notAllowed(
        "tables of the information schema are named as in information_schema.tables", place);
  }
}
