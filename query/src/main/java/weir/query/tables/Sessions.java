package weir.query.tables;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The view {@code sessions}: a person's events until more than 30 minutes pass without one. It is
 * computed from the events each time, since a late event may join two sessions.
 */
final class Sessions {
  static final String NAME = "sessions";

  private static final String TIMEOUT = "INTERVAL 30 MINUTE";

  /** What of a session's first event that has one is shown. */
  private static final List<String> FIRST =
      List.of(
          "source",
          "platform",
          "referrer_host",
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "channel",
          "country",
          "browser",
          "os",
          "device_type");

  private Sessions() {}

  /** The columns of {@code events} that it reads. */
  static Set<String> columns() {
    Set<String> columns =
        new TreeSet<>(Set.of("actor", "timestamp", "event", "event_id", "user_id", "page_path"));
    columns.addAll(FIRST);
    return columns;
  }

  /**
   * The statement of the view.
   *
   * @param events a SELECT of all events with {@link #columns()} and person_id
   */
  static String select(String events) {
    StringBuilder first = new StringBuilder();
    for (String column : FIRST) {
      first.append(", arg_min(").append(column).append(", timestamp) AS ").append(column);
    }
    return "WITH starts AS (SELECT *, coalesce(timestamp - lag(timestamp) OVER in_time > "
        + TIMEOUT
        + ", true) AS is_start FROM ("
        + events
        + ") WHERE person_id IS NOT NULL"
        + " WINDOW in_time AS (PARTITION BY person_id ORDER BY timestamp, event_id)),"
        + " numbered AS (SELECT *, count(*) FILTER (WHERE is_start) OVER (PARTITION BY person_id"
        + " ORDER BY timestamp, event_id ROWS UNBOUNDED PRECEDING) AS session FROM starts)"
        + " SELECT arg_min(actor, timestamp) AS actor, person_id, session, min(timestamp) AS started_at, max(timestamp) AS ended_at,"
        // a difference of times is made of local days, of 23 hours where clocks change
        + " (epoch_us(max(timestamp)) - epoch_us(min(timestamp))) / 1e6 AS duration_seconds,"
        + " count(*) AS events,"
        + " arg_min(event, timestamp) AS first_event, arg_max(event, timestamp) AS last_event,"
        + " arg_min(page_path, timestamp) AS entry_page, arg_max(page_path, timestamp) AS exit_page,"
        + " arg_max(user_id, timestamp) AS user_id"
        + first
        + " FROM numbered GROUP BY person_id, session";
  }
}
