package weir.query.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import weir.event.NearestNames;

/**
 * The names of functions and types that a statement may use; read from allowed.txt; and of
 * functions that none may use.
 */
final class SqlAllowList {
  private static final List<String> FUNCTIONS =
      List.of("scalar", "macro", "aggregate", "window", "table");
  private static final Map<String, Set<String>> SECTIONS = read("allowed.txt");
  private static final Set<String> REFUSED =
      Objects.requireNonNull(read("refused.txt").get("refused"));

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

  /** Whether the engine has a function of this name, which may be used or not. */
  static boolean isOfEngine(String name) {
    String folded = SqlName.fold(name);
    return REFUSED.contains(folded)
        || folded.startsWith("pragma_")
        || FUNCTIONS.stream().anyMatch(section -> section(section).contains(folded));
  }

  /** Says what may have been meant by a function that is unknown. */
  static String nearest(String name) {
    Set<String> names = new TreeSet<>();
    FUNCTIONS.forEach(section -> names.addAll(section(section)));
    List<String> nearest = NearestNames.of(name, names, 3);
    return nearest.isEmpty() ? "" : "; the nearest: " + String.join(", ", nearest);
  }

  private static Map<String, Set<String>> read(String file) {
    Map<String, Set<String>> sections = new HashMap<>();
    Set<String> section = new HashSet<>();
    try (InputStream in = Objects.requireNonNull(SqlAllowList.class.getResourceAsStream(file));
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
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return Map.copyOf(sections);
  }
}
