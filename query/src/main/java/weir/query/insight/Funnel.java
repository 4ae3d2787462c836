package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.query.QueryException;
import weir.query.kept.Role;
import weir.query.kept.Selection;

/**
 * How many took one step after another, and where the others stopped.
 *
 * @param match properties that all steps of an attempt come with, each with the same value in all
 */
record Funnel(
    List<EventMatch> steps,
    List<String> match,
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
  private static final int MOST_MATCHED = 10;

  /** How many values a breakdown can have. */
  static final int MOST_BREAKDOWNS = 1_000;

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
            match(fields),
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

  private static List<String> match(RequestFields fields) throws QueryException {
    List<String> match = fields.texts("match").stream().distinct().toList();
    if (match.size() > MOST_MATCHED || match.contains("")) {
      throw RequestFields.invalid(
          "match must be the names of at most "
              + MOST_MATCHED
              + " properties, such as [\"dish\"], each of which is the same in all steps");
    }
    return match;
  }

  static void write(ObjectNode answer, FunnelTally all, Map<JsonNode, FunnelTally> parts) {
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

  static QueryException tooManyBreakdowns() {
    return RequestFields.invalid(
        "breakdown has more than " + MOST_BREAKDOWNS + " values; filter some of them out");
  }

  @Override
  public boolean isCountable() {
    return persons.isEmpty();
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    return counting.count(
        List.of("funnel", steps.size(), match.size(), window, order, count),
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
    return new Selection(roles, counting.value(breakdown), counting.key(match));
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
    FunnelRows run = new FunnelRows(this);
    asking.rows(sql, run::row);
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

  /** Each event that may be a step: person, session, micros, steps, breakdown, what must match. */
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
        + (match.isEmpty() ? "" : ", " + properties.together(match).sql() + " AS matched")
        + " FROM "
        + from
        + " ORDER BY person_id, session, at_micros";
  }
}
