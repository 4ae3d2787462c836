package weir.query.sql;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One SELECT statement that names only allowed functions and types.
 *
 * @param original the text as the user sent it
 * @param text the statement itself, without comments and semicolons around it, as the engine is to
 *     run it
 * @param offset how many characters of the original come before it
 * @param tables the names, folded as {@link SqlName} does, that are no common table expressions,
 *     and where each is first; whether such tables exist is for the engine to say
 * @param catalog the views of the information schema that it names
 * @param wholeRows whether it may see columns that it does not name
 * @param explains whether its plan is asked for, and not its rows
 */
public record CheckedSql(
    String original,
    String text,
    int offset,
    Map<String, Optional<SqlPlace>> tables,
    Set<String> catalog,
    boolean wholeRows,
    boolean explains) {
  public CheckedSql {
    Objects.requireNonNull(original, "original");
    Objects.requireNonNull(text, "text");
    catalog = Set.copyOf(catalog);
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
  }

  /**
   * Whether the statement may see a column: it asks for whole rows, or holds the name somewhere, in
   * whatever case. So it says yes too often, but not no.
   */
  public boolean maySee(String column) {
    return wholeRows || column.contains("\"") || SqlName.fold(text).contains(SqlName.fold(column));
  }

  /** The place in the original of an offset into the UTF-8 bytes of {@link #text()}. */
  public Optional<SqlPlace> place(long textByte) {
    return new ScannedSql(original, text, offset).place(textByte);
  }
}
