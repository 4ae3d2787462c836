package weir.query.tables;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one file of a lake table holds.
 *
 * @param events the event names in it
 * @param newest its newest received_at
 * @param properties by event name, the field ids of property columns that are not always null; of a
 *     file without a sidecar only of events that were asked for so far
 * @param inJson by event name, whether properties have values in JSON; only of those asked for
 */
record FileFacts(
    Set<String> events,
    Optional<Instant> newest,
    Map<String, Set<Integer>> properties,
    Map<String, Map<String, Boolean>> inJson) {
  FileFacts(Set<String> events, Optional<Instant> newest) {
    this(Set.copyOf(events), newest, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
  }

  /** Of a file of which it is known at once which properties each event has. */
  static FileFacts withProperties(Map<String, Set<Integer>> properties, Optional<Instant> newest) {
    Map<String, Set<Integer>> known = Map.copyOf(properties);
    return new FileFacts(known.keySet(), newest, known, new ConcurrentHashMap<>());
  }

  /** Whether it is not known yet which properties one of these events has. */
  boolean lacks(Iterable<String> names) {
    for (String name : names) {
      if (events.contains(name) && !properties.containsKey(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is not known yet of one of these events which of some properties lie in JSON. */
  boolean lacksJson(Iterable<String> names, Set<String> properties) {
    for (String name : names) {
      if (events.contains(name)
          && !inJson.getOrDefault(name, Map.of()).keySet().containsAll(properties)) {
        return true;
      }
    }
    return false;
  }
}
