package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.query.QueryException;

/** The lines of a trend: a point for each interval, 0 where there is nothing. */
final class TrendSeries {
  private static final int MOST_POINTS = 200_000;

  private final List<String> events;
  private final LocalCalendar calendar;
  private final Map<Key, TreeMap<Long, Double>> series = new LinkedHashMap<>();

  private record Key(@Nullable String event, JsonNode breakdown) {}

  /**
   * Begins, with a line for each event unless there is a breakdown.
   *
   * @param events those asked for; none where all of them are one line
   */
  TrendSeries(List<String> events, boolean hasBreakdown, LocalCalendar calendar) {
    this.events = events;
    this.calendar = calendar;
    if (!hasBreakdown) {
      events.forEach(event -> line(event, null));
      if (events.isEmpty()) {
        line(null, null);
      }
    }
  }

  private TreeMap<Long, Double> line(@Nullable String event, @Nullable Object breakdown) {
    return series.computeIfAbsent(new Key(event, Asking.json(breakdown)), key -> new TreeMap<>());
  }

  void add(@Nullable String event, @Nullable Object breakdown, long bucket, double value) {
    line(event, breakdown).put(bucket, value);
  }

  void write(ObjectNode answer, TimeRange range) throws QueryException {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (TreeMap<Long, Double> points : series.values()) {
      if (!points.isEmpty()) {
        first = Math.min(first, points.firstKey());
        last = Math.max(last, points.lastKey());
      }
    }
    if (range.from().isPresent()) {
      first = calendar.number(range.from().get());
    }
    if (range.to().isPresent()) {
      last = calendar.number(range.to().get().minusNanos(1_000));
    }
    long buckets = first > last ? 0 : last - first + 1;
    if (buckets * Math.max(1, series.size()) > MOST_POINTS) {
      throw RequestFields.invalid(
          "that would be more than "
              + MOST_POINTS
              + " points; take a longer interval, or a shorter time by from and to");
    }
    ArrayNode all = answer.putArray("series");
    List<Map.Entry<Key, TreeMap<Long, Double>>> sorted = new ArrayList<>(series.entrySet());
    sorted.sort((a, b) -> compare(a, b));
    for (Map.Entry<Key, TreeMap<Long, Double>> each : sorted) {
      ObjectNode one = all.addObject();
      one.put("event", each.getKey().event());
      one.set("breakdown", each.getKey().breakdown());
      points(one.putArray("points"), each.getValue(), first, first + buckets);
    }
  }

  private void points(ArrayNode points, TreeMap<Long, Double> values, long first, long end) {
    for (long bucket = first; bucket < end; bucket++) {
      ObjectNode at = points.addObject();
      at.put("at", calendar.start(bucket).toString());
      at.set("value", Asking.json(values.getOrDefault(bucket, 0.0)));
    }
  }

  /** In the order of the events asked for, then the larger first. */
  private int compare(
      Map.Entry<Key, TreeMap<Long, Double>> a, Map.Entry<Key, TreeMap<Long, Double>> b) {
    int byEvent =
        Integer.compare(events.indexOf(a.getKey().event()), events.indexOf(b.getKey().event()));
    return byEvent != 0 ? byEvent : Double.compare(sum(b.getValue()), sum(a.getValue()));
  }

  private static double sum(TreeMap<Long, Double> points) {
    return points.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
