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
import weir.query.kept.Role;
import weir.query.kept.Selection;

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
    implements Counting.Countable {
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
    private final FunnelMatcher matcher = matcher();
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
        all.add(matcher, reached, 1);
        if (breakdown.isPresent()) {
          value = Asking.json(values[first(times, masks, matcher.time(0))]);
          part(value).add(matcher, reached, 1);
        }
      }
      list(reached, value);
      events = 0;
    }

    private FunnelTally part(JsonNode value) throws QueryException {
      FunnelTally part = parts.get(value);
      if (part == null) {
        if (parts.size() >= MOST_BREAKDOWNS) {
          throw tooManyBreakdowns();
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
      Funnel.write(answer, all, parts);
      if (persons.isPresent()) {
        ArrayNode names = answer.putArray("persons");
        listed.forEach(names::add);
        answer.put("persons_total", listedInAll);
      }
    }
  }

  private static void write(ObjectNode answer, FunnelTally all, Map<JsonNode, FunnelTally> parts) {
    all.write(answer.putArray("steps"));
    ArrayNode breakdowns = answer.putArray("breakdown");
    parts.entrySet().stream()
        .filter(part -> part.getValue().first() > 0)
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<JsonNode, FunnelTally> part) -> -part.getValue().first())
                .thenComparing(part -> part.getKey().asText()))
        .forEach(part -> {
          ObjectNode one = breakdowns.addObject();
          one.set("breakdown", part.getKey());
          part.getValue().write(one.putArray("steps"));
        });
  }

  private static QueryException tooManyBreakdowns() {
    return RequestFields.invalid(
        "breakdown has more than " + MOST_BREAKDOWNS + " values; filter some of them out");
  }

  FunnelMatcher matcher() {
    return new FunnelMatcher(steps.size(), window.toNanos() / 1_000, order);
  }

  /** The event that is the first step; of several at that moment any. */
  int first(long[] times, int[] masks, long time) {
    int i = 0;
    while (times[i] != time || (order != FunnelMatcher.Order.ANY && (masks[i] & 1) == 0)) {
      i++;
    }
    return i;
  }

  @Override
  public boolean isCountable() {
    return persons.isEmpty();
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    return counting.count(
        List.of("funnel", steps.size(), window, order, count),
        selection(counting),
        Counting.span(range.from(), range.to()),
        () -> new FunnelTotals(this),
        (totals, values) -> {
          Map<JsonNode, FunnelTally> parts = new LinkedHashMap<>();
          totals
              .parts()
              .forEach((value, tally) -> parts.put(Asking.json(values.value(value)), tally));
          return written(counting.asking(), totals.all(), parts);
        });
  }

  private Selection selection(Counting counting) throws QueryException {
    List<Role> roles = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      roles.add(counting.role(steps.get(step), filters, 1 << step));
    }
    for (EventMatch each : exclude) {
      roles.add(counting.role(each, filters, FunnelMatcher.EXCLUDED));
    }
    if (order == FunnelMatcher.Order.STRICT) {
      roles.add(counting.anyOther(filters, FunnelTotals.BETWEEN));
    }
    if (count == Count.SESSIONS) {
      roles.add(counting.anyOther(List.of(), FunnelTotals.IN_SESSION));
    }
    return new Selection(roles, counting.value(breakdown));
  }

  private ObjectNode written(Asking asking, FunnelTally all, Map<JsonNode, FunnelTally> parts)
      throws QueryException {
    parts.values().removeIf(part -> part.first() == 0);
    if (parts.size() > MOST_BREAKDOWNS) {
      throw tooManyBreakdowns();
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    write(answer, all, parts);
    asking.finish(answer, sql(asking));
    return answer;
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

  /** Which steps an event can be, as a number in SQL. */
  private String mask(Properties properties) throws QueryException {
    StringBuilder mask = new StringBuilder();
    for (int step = 0; step < steps.size(); step++) {
      mask.append(step == 0 ? "" : " + ");
      mask.append(
          "CASE WHEN "
              + steps.get(step).condition(properties)
              + " THEN "
              + (1 << step)
              + " ELSE 0 END");
    }
    List<String> excluded = conditions(exclude, properties);
    if (!excluded.isEmpty()) {
      mask.append(
          " + CASE WHEN " + Sql.any(excluded) + " THEN " + FunnelMatcher.EXCLUDED + " ELSE 0 END");
    }
    return mask.toString();
  }

  /** Conditions that all events fulfil which must be known. */
  private List<String> meant(Properties properties) throws QueryException {
    List<String> meant = new ArrayList<>(Filter.conditions(filters, properties));
    if (order != FunnelMatcher.Order.STRICT) {
      meant.add(
          Sql.any(Sql.concat(conditions(steps, properties), conditions(exclude, properties))));
    }
    return meant;
  }

  private static List<String> conditions(List<EventMatch> matches, Properties properties)
      throws QueryException {
    List<String> conditions = new ArrayList<>();
    for (EventMatch match : matches) {
      conditions.add(match.condition(properties));
    }
    return conditions;
  }

  /** Each event that may be a step: person, session, micros, steps, value of the breakdown. */
  private String sql(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    Properties properties = asking.properties();
    List<String> within = range.conditions(dialect);
    List<String> meant = meant(properties);
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
        + mask(properties)
        + " AS steps"
        + (breakdown.isPresent()
            ? ", " + properties.named(breakdown.get()).sql() + " AS breakdown"
            : "")
        + " FROM "
        + from
        + " ORDER BY person_id, session, at_micros";
  }
}
