package weir.query.tables;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.event.PropertyName;

/**
 * What the columns of {@code events} are called in the views of single events. A property loses its
 * prefix; of several whose names fold to the same, the one that is called exactly so has the name,
 * and the others keep the names of their columns.
 */
final class ViewColumns {
  private final List<String> fixed = new ArrayList<>();
  private final Map<String, String> aliases = new LinkedHashMap<>();
  private final Map<String, String> traits = new HashMap<>();
  private final Map<String, String> jsonNames = new LinkedHashMap<>();

  /**
   * Names columns.
   *
   * @param columns of {@code events}, in order
   */
  ViewColumns(Collection<String> columns, ProjectProperties properties) {
    Map<String, String> exact = new HashMap<>();
    for (String column : columns) {
      if (isProperty(column)) {
        properties
            .name(column)
            .filter(name -> name.equals(PropertyName.fold(name)))
            .ifPresent(name -> exact.put(name, column));
      }
    }
    Set<String> used = new TreeSet<>(Set.of(EventViews.PERSON));
    columns.stream().filter(column -> !isProperty(column)).forEach(fixed::add);
    used.addAll(fixed);
    Set<String> usedTraits = new TreeSet<>();
    for (String column : columns) {
      if (isProperty(column)) {
        String plain = plain(column);
        String name = properties.name(column).orElse(plain);
        String alias = column.equals(exact.get(name)) ? name : plain;
        boolean isOthers = !column.equals(exact.getOrDefault(alias, column));
        aliases.put(column, !isOthers && used.add(alias) ? alias : column);
        traits.put(column, !isOthers && usedTraits.add(alias) ? alias : column);
        if (properties.isInJson(column)) {
          jsonNames.put(column, properties.name(column).orElse(plain));
        }
      }
    }
  }

  private static boolean isProperty(String column) {
    return EventColumn.named(column).isEmpty();
  }

  private static String plain(String column) {
    return column.startsWith(PropertyName.PREFIX)
        ? column.substring(PropertyName.PREFIX.length())
        : column;
  }

  /** The property columns whose values may lie in JSON too, and what they are called there. */
  Map<String, String> jsonNames() {
    return jsonNames;
  }

  /** What a property column is called where the fixed columns are not. */
  String trait(String column) {
    return traits.getOrDefault(column, column);
  }

  /**
   * The names of the fixed columns, then of some of the properties'.
   *
   * @param properties columns
   */
  Map<String, String> aliases(Set<String> properties) {
    Map<String, String> some = new LinkedHashMap<>();
    fixed.forEach(name -> some.put(name, name));
    aliases.forEach((column, alias) -> {
      if (properties.contains(column)) {
        some.put(column, alias);
      }
    });
    return some;
  }
}
