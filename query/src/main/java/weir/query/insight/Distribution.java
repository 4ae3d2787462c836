package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import weir.query.QueryException;
import weir.query.kept.Expression;
import weir.query.kept.KeptEvents;
import weir.query.kept.Role;
import weir.query.kept.Selection;

/**
 * How a number is distributed over events, persons or sessions.
 *
 * <p>A person, or a session, has the greatest, the sum or the last of the numbers that its events
 * have, or how many these are. A part of a breakdown is made of the events with its value alone, so
 * one person can be in several. What has no number at all is missing.
 *
 * @param of the property that is the number; empty where events are counted
 * @param edges empty where round ones are wanted, of {@code bins} bins at most
 */
record Distribution(
    List<String> events,
    Optional<String> of,
    Per per,
    Aggregate aggregate,
    Optional<BinEdges> edges,
    int bins,
    TimeRange range,
    Optional<String> breakdown,
    int breakdownLimit,
    List<Filter> filters,
    Optional<BinPersons> persons)
    implements Counting.Countable {
  private static final int USUAL_BINS = 20;
  private static final int USUAL_BREAKDOWN = 100;

  /** What has a number. */
  enum Per {
    EVENT,
    PERSON,
    SESSION
  }

  /** What is made of the numbers of several events. */
  enum Aggregate {
    MAX,
    SUM,
    COUNT,
    LAST
  }

  static Distribution read(RequestFields fields, InstantSource clock) throws QueryException {
    Optional<String> of = fields.text("of");
    boolean aggregates = fields.has("aggregate");
    Aggregate aggregate =
        fields.choice("aggregate", of.isEmpty() ? Aggregate.COUNT : Aggregate.MAX);
    Per per = fields.choice("per", of.isEmpty() || aggregates ? Per.PERSON : Per.EVENT);
    Optional<BinEdges> edges = BinEdges.read(fields, "edges");
    if (edges.isPresent() && fields.has("bins")) {
      throw RequestFields.invalid("say bins or edges, not both");
    }
    Optional<RequestFields> persons = fields.object("persons");
    Distribution distribution =
        new Distribution(
            EventMatch.names(fields).stream().distinct().toList(),
            of,
            per,
            aggregate,
            edges,
            fields.number("bins", USUAL_BINS, 1, BinEdges.MOST_BINS),
            TimeRange.read(fields, fields.zone("timezone"), clock),
            fields.text("breakdown"),
            fields.number("breakdown_limit", USUAL_BREAKDOWN, 1, 1_000),
            Filter.read(fields, "filters"),
            persons.isPresent() ? Optional.of(BinPersons.read(persons.get())) : Optional.empty());
    fields.end();
    distribution.check();
    return distribution;
  }

  private void check() throws QueryException {
    if (of.isEmpty() && (per == Per.EVENT || aggregate != Aggregate.COUNT)) {
      throw RequestFields.invalid(
          "of is missing: the property whose values are asked for; without it, take aggregate count"
              + " and per person or session: how many events each has");
    }
    if (per == Per.EVENT && aggregate == Aggregate.COUNT) {
      throw RequestFields.invalid(
          "aggregate count needs per person or session: an event is always one");
    }
  }

  @Override
  public boolean isCountable() {
    return persons.isEmpty();
  }

  /** A statement reads the numbers of events once, and need not tell persons apart. */
  @Override
  public boolean isFasterCounted() {
    return per != Per.EVENT;
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    List<Role> roles = new ArrayList<>();
    EventMatch meant = new EventMatch(events, List.of());
    roles.add(counting.role(meant, filters, DistributionTotals.COUNTED));
    if (per == Per.SESSION) {
      roles.add(counting.anyOther(List.of(), DistributionTotals.IN_SESSION));
    }
    Optional<Expression> number =
        of.isPresent() ? Optional.of(counting.number(of.get())) : Optional.empty();
    return counting.count(
        List.of("distribution", per, aggregate),
        new Selection(roles, number, counting.value(breakdown)),
        Counting.span(range.from(), range.to()),
        () -> new DistributionTotals(this),
        (totals, values) -> counted(counting.asking(), totals, values));
  }

  private ObjectNode counted(Asking asking, DistributionTotals totals, KeptEvents.Values values)
      throws QueryException {
    BinEdges known = edges.isPresent() ? edges.get() : around(totals.whole());
    DistributionPart whole = DistributionPart.of(totals.whole(), known);
    Map<BreakdownRanking.Value, DistributionPart> parts = new HashMap<>();
    BreakdownRanking ranking = new BreakdownRanking();
    totals
        .parts()
        .forEach((number, counts) -> {
          DistributionPart part = DistributionPart.of(counts, known);
          if (part.units() > 0) {
            BreakdownRanking.Value value = new BreakdownRanking.Value(values.key(number));
            parts.put(value, part);
            ranking.add(value, part.units());
          }
        });
    Map<JsonNode, DistributionPart> shown = new LinkedHashMap<>();
    ranking
        .top(breakdownLimit)
        .forEach(value ->
            shown.put(Asking.json(value.value()), Objects.requireNonNull(parts.get(value))));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    write(answer, whole, shown);
    asking.finish(answer, sql(asking, binned(asking, units(asking), known)));
    return answer;
  }

  private BinEdges around(ValueCounts values) {
    double[] bounds = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    boolean[] whole = {true};
    values.forEach((number, count) -> {
      bounds[0] = Math.min(bounds[0], number);
      bounds[1] = number;
      whole[0] &= number == Math.rint(number);
    });
    return bounds[0] > bounds[1]
        ? BinEdges.NONE
        : BinEdges.around(bounds[0], bounds[1], bins, whole[0]);
  }

  @Override
  public ObjectNode answer(Asking asking) throws QueryException {
    String units = units(asking);
    BinEdges known = edges.isPresent() ? edges.get() : around(asking, units);
    String binned = binned(asking, units, known);
    String sql = sql(asking, binned);
    DistributionPart whole = new DistributionPart(known);
    Map<JsonNode, DistributionPart> parts = new LinkedHashMap<>();
    asking.rows(
        sql,
        row -> {
          boolean isWhole = Asking.number(row, 0) != 0;
          DistributionPart part =
              isWhole
                  ? whole
                  : parts.computeIfAbsent(
                      Asking.json(row.value(1)), value -> new DistributionPart(known));
          if (row.value(2) != null) {
            part.add((int) Asking.number(row, 2), Asking.number(row, 3));
          } else {
            part.bounds(Asking.real(row, 4), Asking.real(row, 5));
            for (int share = 0; share < DistributionPart.SHARES.length; share++) {
              part.quantile(share, Asking.real(row, 6 + share));
            }
          }
        });
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    write(answer, whole, parts);
    if (persons.isPresent()) {
      String behind = persons.get().sql(binned, known, asking.dialect());
      asking.persons(answer, "persons", behind, persons.get().limit());
    }
    asking.finish(answer, sql);
    return answer;
  }

  private static void write(
      ObjectNode answer, DistributionPart whole, Map<JsonNode, DistributionPart> parts) {
    whole.write(answer);
    ArrayNode breakdowns = answer.putArray("breakdown");
    parts.entrySet().stream()
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<JsonNode, DistributionPart> part) -> -part.getValue().units())
                .thenComparing(part -> part.getKey().asText()))
        .forEach(part -> {
          ObjectNode one = breakdowns.addObject();
          one.set("breakdown", part.getKey());
          part.getValue().write(one);
        });
  }

  /** Round edges around the values that there are. */
  private BinEdges around(Asking asking, String units) throws QueryException {
    BinEdges[] found = {BinEdges.NONE};
    asking.rows(
        "WITH "
            + units
            + " SELECT min(value), max(value), count(CASE WHEN value <> floor(value) THEN 1 END)"
            + " FROM units WHERE is_whole = 1",
        row -> {
          if (row.value(0) != null) {
            boolean whole = Asking.number(row, 2) == 0;
            found[0] = BinEdges.around(Asking.real(row, 0), Asking.real(row, 1), bins, whole);
          }
        });
    return found[0];
  }

  /** The tables units, and binned, which has each with its bin, of those parts that are shown. */
  private String binned(Asking asking, String units, BinEdges known) {
    String shown =
        breakdown.isEmpty()
            ? "units"
            : "units JOIN (SELECT is_whole AS kept_whole, breakdown AS kept FROM units"
                + " GROUP BY is_whole, breakdown ORDER BY is_whole DESC, count(*) DESC, breakdown"
                + " LIMIT "
                + (breakdownLimit + 1)
                + ") ON is_whole = kept_whole AND breakdown IS NOT DISTINCT FROM kept";
    return "WITH "
        + units
        + ", binned AS (SELECT person_id, is_whole, breakdown, value, "
        + known.sql("value")
        + " AS bin FROM "
        + shown
        + ")";
  }

  /**
   * How many units each bin has; and, where the bin is null, what the values of all of them are.
   */
  private String sql(Asking asking, String binned) {
    StringBuilder none = new StringBuilder();
    StringBuilder values = new StringBuilder();
    for (String each : asking.dialect().quantiles("value", DistributionPart.SHARES)) {
      none.append(", NULL");
      values.append(", ").append(each);
    }
    return binned
        + " SELECT is_whole, breakdown, bin, count(*) AS units, NULL AS least, NULL AS greatest"
        + none
        + " FROM binned GROUP BY is_whole, breakdown, bin"
        + " UNION ALL SELECT is_whole, breakdown, NULL, count(*), min(value), max(value)"
        + values
        + " FROM binned GROUP BY is_whole, breakdown";
  }

  /** The table units: person_id, is_whole, breakdown, value; each is in the whole and in parts. */
  private String units(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    String named = "named AS (" + named(asking) + "), units AS (";
    String number = dialect.number(per == Per.EVENT ? "value" : aggregated(dialect)) + " AS value";
    if (per == Per.EVENT) {
      String parts =
          breakdown.isEmpty()
              ? ""
              : " UNION ALL SELECT person_id, 0, breakdown, " + number + " FROM named";
      String none = breakdown.isEmpty() ? "NULL" : "(CASE WHEN false THEN breakdown END)";
      return named
          + "SELECT person_id, 1 AS is_whole, "
          + none
          + " AS breakdown, "
          + number
          + " FROM named"
          + parts
          + ")";
    }
    String unit = per == Per.SESSION ? "person_id, session" : "person_id";
    String part =
        breakdown.isEmpty()
            ? "1 AS is_whole, NULL AS breakdown"
            : "grouping(breakdown) AS is_whole, breakdown";
    String grouped =
        breakdown.isEmpty() ? unit : "GROUPING SETS ((" + unit + "), (" + unit + ", breakdown))";
    return named
        + "SELECT person_id, "
        + part
        + ", "
        + number
        + " FROM named WHERE person_id IS NOT NULL GROUP BY "
        + grouped
        + ")";
  }

  private String aggregated(Dialect dialect) {
    return switch (aggregate) {
      case MAX -> "max(value)";
      case SUM -> "sum(value)";
      case COUNT -> of.isEmpty() ? "count(*)" : "nullif(count(value), 0)";
      case LAST -> dialect.last("value", "timestamp");
    };
  }

  /** The events asked for: person_id, session, timestamp, breakdown, value. */
  private String named(Asking asking) throws QueryException {
    Properties properties = asking.properties();
    Dialect dialect = asking.dialect();
    List<String> within = range.conditions(dialect);
    List<String> meant = new ArrayList<>();
    if (!events.isEmpty()) {
      meant.add(EventMatch.among(events, dialect));
    }
    meant.addAll(Filter.conditions(filters, properties));
    String select =
        "SELECT person_id, "
            + (per == Per.SESSION ? "session, " : "")
            + (aggregate == Aggregate.LAST ? "timestamp, " : "")
            + (breakdown.isPresent() ? properties.named(breakdown.get()).sql() : "NULL")
            + " AS breakdown, "
            + (of.isPresent() ? properties.number(of.get()) : "1")
            + " AS value FROM ";
    if (per != Per.SESSION) {
      return select + "events" + Sql.where(Sql.concat(within, meant));
    }
    String later = dialect.isLater("previous", "timestamp", SessionTotals.USUAL_TIMEOUT);
    return select + "(" + Sql.sessions(dialect, "*", within, later) + ")" + Sql.where(meant);
  }
}
