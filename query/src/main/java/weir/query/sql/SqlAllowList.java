package weir.query.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The names of functions and types that a statement may use; read from allowed.txt. */
final class SqlAllowList {
  private static final Map<String, Set<String>> SECTIONS = read();

  private SqlAllowList() {}

  /** Whether an expression may call the function: scalar, macro, aggregate or window. */
  static boolean function(String name) {
    String folded = SqlName.fold(name);
    return section("scalar").contains(folded)
        || section("macro").contains(folded)
        || section("aggregate").contains(folded)
        || section("window").contains(folded);
  }

  /** Whether FROM may call the function. */
  static boolean tableFunction(String name) {
    return section("table").contains(SqlName.fold(name));
  }

  static boolean type(String name) {
    return section("type").contains(SqlName.fold(name));
  }

  /** The names of one section, in lower case. */
  static Set<String> section(String name) {
    return Objects.requireNonNull(SECTIONS.get(name), name);
  }

  private static Map<String, Set<String>> read() {
    Map<String, Set<String>> sections = new HashMap<>();
    Set<String> section = new HashSet<>();
    try (InputStream in =
            Objects.requireNonNull(SqlAllowList.class.getResourceAsStream("allowed.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("[") && line.endsWith("]")) {
          section = new HashSet<>();
          sections.put(line.substring(1, line.length() - 1), section);
        } else if (!line.isBlank() && !line.startsWith("# ")) {
          section.add(SqlName.fold(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read allowed.txt", e);
    }
    return Map.copyOf(sections);
  }
}
