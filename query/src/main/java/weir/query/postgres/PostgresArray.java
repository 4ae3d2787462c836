package weir.query.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Arrays as PostgreSQL writes them, such as <code>{1,NULL,"a b"}</code>. */
public final class PostgresArray {
  private final String text;
  private final StringBuilder engine = new StringBuilder();
  private int at;

  private PostgresArray(String text) {
    this.text = text;
  }

  /** The same as a text that the engine casts to a list; empty if it is no array. */
  public static Optional<String> engineText(String text) {
    PostgresArray array = new PostgresArray(text.strip());
    return array.list() && array.at == array.text.length()
        ? Optional.of(array.engine.toString())
        : Optional.empty();
  }

  /** The text that the engine casts to a list of these. */
  public static String engineText(List<@Nullable String> elements) {
    return elements.stream()
        .map(element -> element == null ? "NULL" : element(element))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String element(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private boolean take(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean list() {
    if (!take('{')) {
      return false;
    }
    List<String> elements = new ArrayList<>();
    if (!take('}')) {
      do {
        int begun = engine.length();
        skipSpace();
        boolean isList = at < text.length() && text.charAt(at) == '{';
        if (isList ? !list() : !value()) {
          return false;
        }
        elements.add(engine.substring(begun));
        engine.setLength(begun);
      } while (take(','));
      if (!take('}')) {
        return false;
      }
    }
    engine.append('[').append(String.join(", ", elements)).append(']');
    return true;
  }

  private boolean value() {
    if (at < text.length() && text.charAt(at) == '"') {
      return quotedValue();
    }
    StringBuilder value = new StringBuilder();
    while (at < text.length() && ",{}".indexOf(text.charAt(at)) < 0) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at++));
    }
    String plain = value.toString().strip();
    if (plain.isEmpty()) {
      return false;
    }
    engine.append(plain.equalsIgnoreCase("null") ? "NULL" : element(plain));
    return true;
  }

  private boolean quotedValue() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at));
    }
    engine.append(element(value.toString()));
    return at++ < text.length();
  }
}
