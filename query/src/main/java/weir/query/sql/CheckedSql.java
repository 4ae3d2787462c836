package weir.query.sql;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One SELECT statement that names only allowed functions and types.
 *
 * @param original the text as the user sent it
 * @param text the statement itself, without comments and semicolons around it
 * @param offset how many characters of the original come before it
 * @param tables the names in lower case that are no common table expressions, and where each is
 *     first; whether such tables exist is for the engine to say
 */
public record CheckedSql(
    String original, String text, int offset, Map<String, Optional<SqlPlace>> tables) {
  public CheckedSql {
    Objects.requireNonNull(original, "original");
    Objects.requireNonNull(text, "text");
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
  }

  /** The place in the original of an offset into the UTF-8 bytes of {@link #text()}. */
  public Optional<SqlPlace> place(long textByte) {
    return new ScannedSql(original, text, offset).place(textByte);
  }
}
