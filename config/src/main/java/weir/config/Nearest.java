package weir.config;

import java.util.Collection;
import java.util.Comparator;
import weir.event.NearestNames;

/** Finds what somebody meant who mistyped a name. */
final class Nearest {
  private Nearest() {}

  /** Names the nearest one; empty where none is near. */
  static String hint(String typed, Collection<String> names) {
    return names.stream()
        .filter(name -> NearestNames.distance(typed, name) <= Math.max(2, typed.length() / 3))
        .min(
            Comparator.comparingInt((String name) -> NearestNames.distance(typed, name))
                .thenComparing(n -> n))
        .map(name -> "; the nearest is " + name)
        .orElse("");
  }
}
