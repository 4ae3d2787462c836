package weir.lake;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A state of a project's tables that is kept under a name.
 *
 * @param at when it was named
 * @param rows of each table, by its name
 */
public record NamedSnapshot(String name, Instant at, Map<String, Long> rows) {
  public NamedSnapshot {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(at, "at");
    rows = new TreeMap<>(rows);
  }
}
