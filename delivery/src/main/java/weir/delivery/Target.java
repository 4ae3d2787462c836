package weir.delivery;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import weir.tap.ConditionParser;
import weir.tap.EventFilter;

/**
 * What a delivery brings where.
 *
 * @param url of the receiver
 * @param events their names; empty for all
 * @param condition what else must hold of an event, as behind WHERE in SQL; empty for nothing
 * @param batchEvents how many events a request may bring
 */
public record Target(URI url, Set<String> events, String condition, int batchEvents) {
  private static final int MOST_NAMES = 1_000;
  private static final int LONGEST_NAME = 1_000;
  private static final int LONGEST_URL = 2_000;

  /** How many events a request may bring at most. */
  public static final int MOST_EVENTS = 1_000;

  /**
   * Checks what can be checked without looking up a name.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public Target {
    events = Set.copyOf(events);
    String scheme = String.valueOf(url.getScheme());
    if (!scheme.equals("https") && !scheme.equals("http") || url.getHost() == null) {
      throw new IllegalArgumentException("url must be one of https:// or http:// with a host");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "url must have no user and no fragment; the signature says who sends");
    }
    if (url.toString().length() > LONGEST_URL || url.getPort() == 0) {
      throw new IllegalArgumentException(
          "url may have " + LONGEST_URL + " characters, and no port 0");
    }
    if (events.size() > MOST_NAMES
        || events.stream().anyMatch(name -> name.isBlank() || name.length() > LONGEST_NAME)) {
      throw new IllegalArgumentException("events must be up to " + MOST_NAMES + " names");
    }
    if (batchEvents < 1 || batchEvents > MOST_EVENTS) {
      throw new IllegalArgumentException("batch_events must be from 1 to " + MOST_EVENTS);
    }
    if (!condition.isBlank()) {
      try {
        ConditionParser.parse(condition);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("where: " + e.getMessage(), e);
      }
    }
  }

  EventFilter filter(String project) {
    return new EventFilter(
        project,
        events,
        java.util.Map.of(),
        Optional.empty(),
        condition.isBlank() ? Optional.empty() : Optional.of(ConditionParser.parse(condition)));
  }
}
