package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.query.QueryException;
import weir.query.QueryRows;

/** How many took one step after another, and where the others stopped. */
record Funnel(
    List<EventMatch> steps,
    Duration window,
    FunnelMatcher.Order order,
    Count count,
    TimeRange range,
    Optional<String> breakdown,
    List<Filter> filters,
    List<EventMatch> exclude,
    Optional<Reached> persons)
    implements Question {
  private static final int MOST_STEPS = 25;
  private static final int MOST_BREAKDOWNS = 1_000;

  /** Who takes the steps. */
  enum Count {
    PERSONS,
    SESSIONS
  }

  /**
   * Whose persons are asked for.
   *
   * @param step from 1
   * @param dropped whether those who reached the step before and not this one
   */
  record Reached(int step, boolean dropped, Optional<JsonNode> breakdown, int limit) {
    static Reached read(RequestFields fields, int steps) throws QueryException {
      Reached reached =
          new Reached(
              fields.number("step", 1, 1, steps),
              fields.flag("dropped", false),
              fields.get("breakdown").isMissingNode()
                  ? Optional.empty()
                  : Optional.of(fields.get("breakdown")),
              Question.personLimit(fields));
      fields.end();
      return reached;
    }

    boolean includes(int reached) {
      return dropped ? reached == step - 1 : reached >= step;
    }
  }

  static Funnel read(RequestFields fields, InstantSource clock) throws QueryException {
    List<EventMatch> steps = new ArrayList<>();
    for (RequestFields step : fields.objects("steps")) {
      steps.add(EventMatch.read(step));
    }
    if (steps.isEmpty() || steps.size() > MOST_STEPS) {
      throw RequestFields.invalid("steps must have from 1 to " + MOST_STEPS + " steps");
    }
    List<EventMatch> exclude = new ArrayList<>();
    for (RequestFields excluded : fields.objects("exclude")) {
      exclude.add(EventMatch.read(excluded));
    }
    Optional<RequestFields> persons = fields.object("persons");
    Funnel funnel =
        new Funnel(
            steps,
            fields.duration("window", Duration.ofDays(7)),
            fields.choice("order", FunnelMatcher.Order.IN_ORDER),
            fields.choice("count", Count.PERSONS),
            TimeRange.read(fields, fields.zone("timezone"), clock),
            fields.text("breakdown"),
            Filter.read(fields, "filters"),
            exclude,
            persons.isPresent()
                ? Optional.of(Reached.read(persons.get(), steps.size()))
                : Optional.empty());
    fields.end();
    return funnel;
  }

  /** What is known while the rows go by, person after person. */
  private final class Run {
    private final FunnelMatcher matcher =
        new FunnelMatcher(steps.size(), window.toNanos() / 1_000, order);
    private final FunnelTally all = new FunnelTally(steps.size());
    private final Map<JsonNode, FunnelTally> parts = new LinkedHashMap<>();
    private final TreeSet<String> listed = new TreeSet<>();
    private long[] times = new long[64];
    private int[] masks = new int[64];
    private @Nullable Object[] values = new Object[64];
    private int events;
    private long listedInAll;
    private @Nullable String person;
    private long session;

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
      }
      times[events] = Asking.number(row, 2);
      masks[events] = (int) Asking.number(row, 3);
      values[events] = breakdown.isPresent() ? row.value(4) : null;
      events++;
    }

    void end() throws QueryException {
      int reached = matcher.match(times, masks, events);
      JsonNode value = JsonNodeFactory.instance.nullNode();
      if (reached > 0) {
        all.add(matcher, reached);
        if (breakdown.isPresent()) {
          value = Asking.json(values[first(matcher.time(0))]);
          part(value).add(matcher, reached);
        }
      }
      list(reached, value);
      events = 0;
    }

    /** The event that is the first step; of several at that moment any. */
    private int first(long time) {
      int i = 0;
      while (times[i] != time || (order != FunnelMatcher.Order.ANY && (masks[i] & 1) == 0)) {
        i++;
      }
      return i;
    }

    private FunnelTally part(JsonNode value) throws QueryException {
      FunnelTally part = parts.get(value);
      if (part == null) {
        if (parts.size() >= MOST_BREAKDOWNS) {
          throw RequestFields.invalid(
              "breakdown has more than " + MOST_BREAKDOWNS + " values; filter some of them out");
        }
        part = new FunnelTally(steps.size());
        parts.put(value, part);
      }
      return part;
    }

    private void list(int reached, JsonNode value) {
      String name = person;
      if (persons.isEmpty() || name == null || !persons.get().includes(reached)) {
        return;
      }
      Reached asked = persons.get();
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

    void write(ObjectNode answer) {
      all.write(answer.putArray("steps"));
      ArrayNode breakdowns = answer.putArray("breakdown");
      parts.entrySet().stream()
          .sorted(
              Comparator.comparingLong(
                  (Map.Entry<JsonNode, FunnelTally> part) -> -part.getValue().first()))
          .forEach(part -> {
            ObjectNode one = breakdowns.addObject();
            one.set("breakdown", part.getKey());
            part.getValue().write(one.putArray("steps"));
          });
      if (persons.isPresent()) {
        ArrayNode names = answer.putArray("persons");
        listed.forEach(names::add);
        answer.put("persons_total", listedInAll);
      }
    }
  }

  @Override
  public ObjectNode answer(Asking asking) throws QueryException {
    String sql = sql(asking);
    Run run = new Run();
    asking.rows(sql, run::row);
    if (run.events > 0) {
      run.end();
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    run.write(answer);
    asking.finish(answer, sql);
    return answer;
  }

  /** Each event that may be a step: person, session, micros, steps, value of the breakdown. */
  private String sql(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    Properties properties = asking.properties();
    List<String> matches = new ArrayList<>();
    StringBuilder mask = new StringBuilder();
    for (int step = 0; step < steps.size(); step++) {
      String condition = steps.get(step).condition(properties);
      matches.add(condition);
      mask.append(step == 0 ? "" : " + ");
      mask.append("CASE WHEN " + condition + " THEN " + (1 << step) + " ELSE 0 END");
    }
    List<String> excluded = new ArrayList<>();
    for (EventMatch each : exclude) {
      excluded.add(each.condition(properties));
    }
    if (!excluded.isEmpty()) {
      mask.append(
          " + CASE WHEN " + Sql.any(excluded) + " THEN " + FunnelMatcher.EXCLUDED + " ELSE 0 END");
    }
    List<String> within = range.conditions(dialect);
    List<String> meant = new ArrayList<>(Filter.conditions(filters, properties));
    if (order != FunnelMatcher.Order.STRICT) {
      meant.add(Sql.any(Sql.concat(matches, excluded)));
    }
    String from;
    if (count == Count.SESSIONS) {
      String later = dialect.isLater("previous", "timestamp", SessionTotals.USUAL_TIMEOUT);
      from = "(" + Sql.sessions(dialect, "*", within, later) + ")" + Sql.where(meant);
    } else {
      List<String> known = List.of("person_id IS NOT NULL");
      from = "events" + Sql.where(Sql.concat(known, Sql.concat(within, meant)));
    }
    return "SELECT person_id, "
        + (count == Count.SESSIONS ? "session" : "0 AS session")
        + ", "
        + dialect.epochMicros("timestamp")
        + " AS at_micros, "
        + mask
        + " AS steps"
        + (breakdown.isPresent()
            ? ", " + properties.named(breakdown.get()).sql() + " AS breakdown"
            : "")
        + " FROM "
        + from
        + " ORDER BY person_id, session, at_micros";
  }
}
