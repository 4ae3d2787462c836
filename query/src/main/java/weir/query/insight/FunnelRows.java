package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.query.QueryException;
import weir.query.QueryRows;

/** Takes the events of a funnel row by row, person after person, each in the order of time. */
final class FunnelRows {
  private final Funnel funnel;
  private final BestAttempts attempts;
  private final int matchedColumn;
  private final FunnelTally all;
  private final Map<JsonNode, FunnelTally> parts = new LinkedHashMap<>();
  private final TreeSet<String> listed = new TreeSet<>();
  private long[] times = new long[64];
  private int[] masks = new int[64];
  private final Map<Object, Integer> numbers = new HashMap<>();
  private final List<Object> matched = new ArrayList<>();
  private int[] keys = new int[64];
  private @Nullable Object[] values = new Object[64];
  private int events;
  private long listedInAll;
  private @Nullable String person;
  private long session;

  FunnelRows(Funnel funnel) {
    this.funnel = funnel;
    this.attempts = new BestAttempts(funnel, this::compareKeys);
    this.all = new FunnelTally(funnel.steps().size());
    this.matchedColumn = funnel.breakdown().isPresent() ? 5 : 4;
  }

  void row(QueryRows row) throws QueryException {
    String next = Asking.text(row, 0);
    long nextSession = Asking.number(row, 1);
    if (events > 0 && (!Objects.equals(next, person) || nextSession != session)) {
      end();
    }
    person = next;
    session = nextSession;
    if (events == times.length) {
      times = Arrays.copyOf(times, 2 * events);
      masks = Arrays.copyOf(masks, 2 * events);
      values = Arrays.copyOf(values, 2 * events);
      keys = Arrays.copyOf(keys, 2 * events);
    }
    times[events] = Asking.number(row, 2);
    masks[events] = (int) Asking.number(row, 3);
    values[events] = funnel.breakdown().isPresent() ? row.value(4) : null;
    keys[events] = funnel.match().isEmpty() ? 0 : key(row.value(matchedColumn));
    events++;
  }

  /** The number of a value among those of the person. */
  private int key(@Nullable Object value) {
    if (value == null) {
      return MatchedAttempts.NO_VALUE;
    }
    Object same = value instanceof Number number ? (Object) (number.doubleValue() + 0.0) : value;
    Integer known = numbers.putIfAbsent(same, matched.size());
    if (known == null) {
      matched.add(same);
    }
    return known == null ? matched.size() - 1 : known;
  }

  private int compareKeys(int one, int other) {
    return BreakdownRanking.compare(matched.get(one), matched.get(other));
  }

  private int compareValues(int event, int other) {
    return BreakdownRanking.compare(values[event], values[other]);
  }

  private void end() throws QueryException {
    int reached = attempts.reached(times, masks, keys, events);
    JsonNode value = JsonNodeFactory.instance.nullNode();
    if (reached > 0) {
      all.add(attempts.attempt(), reached, 1);
      if (funnel.breakdown().isPresent()) {
        int first = attempts.first(times, masks, keys, events, this::compareValues);
        value = Asking.json(values[first]);
        part(value).add(attempts.attempt(), reached, 1);
      }
    }
    list(reached, value);
    events = 0;
    numbers.clear();
    matched.clear();
  }

  private FunnelTally part(JsonNode value) throws QueryException {
    FunnelTally part = parts.get(value);
    if (part == null) {
      if (parts.size() >= Funnel.MOST_BREAKDOWNS) {
        throw Funnel.tooManyBreakdowns();
      }
      part = new FunnelTally(funnel.steps().size());
      parts.put(value, part);
    }
    return part;
  }

  private void list(int reached, JsonNode value) {
    String name = person;
    Optional<Funnel.Reached> persons = funnel.persons();
    if (persons.isEmpty() || name == null || !persons.get().includes(reached)) {
      return;
    }
    Funnel.Reached asked = persons.get();
    if (asked.breakdown().isEmpty() || asked.breakdown().get().equals(value)) {
      listedInAll++;
      if (listed.size() < asked.limit() || name.compareTo(listed.last()) < 0) {
        listed.add(name);
      }
      if (listed.size() > asked.limit()) {
        listed.pollLast();
      }
    }
  }

  /** Writes the answer; no row comes after. */
  void write(ObjectNode answer) throws QueryException {
    if (events > 0) {
      end();
    }
    Funnel.write(answer, all, parts);
    if (funnel.persons().isPresent()) {
      ArrayNode names = answer.putArray("persons");
      listed.forEach(names::add);
      answer.put("persons_total", listedInAll);
    }
  }
}
