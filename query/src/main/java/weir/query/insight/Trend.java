package weir.query.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.query.QueryException;
import weir.query.kept.Expression;
import weir.query.kept.KeptEvents;
import weir.query.kept.Role;
import weir.query.kept.Selection;
import weir.query.kept.Sum;
import weir.query.kept.SumQuestion;

/** How much of something happened in each interval. */
record Trend(
    List<String> events,
    Measure measure,
    Optional<String> of,
    Interval interval,
    TimeRange range,
    Optional<String> breakdown,
    int breakdownLimit,
    List<Filter> filters,
    ZoneId zone,
    DayOfWeek weekStart,
    Optional<Point> point)
    implements Counting.Countable {
  private static final int USUAL_BREAKDOWN = 100;

  /** What is measured. */
  enum Measure {
    TOTAL,
    PERSONS,
    SESSIONS,
    SUM,
    AVG,
    MIN,
    MAX,
    MEDIAN,
    P95,
    DISTINCT;

    boolean needsProperty() {
      return compareTo(SUM) >= 0;
    }

    /** Whether the values of some files can be added up, and those of others to that. */
    boolean addsUp() {
      return compareTo(SUM) >= 0 && compareTo(MAX) <= 0;
    }
  }

  /** A point whose persons are asked for. */
  record Point(Optional<String> event, Optional<JsonNode> breakdown, Instant at, int limit) {
    static Point read(RequestFields fields) throws QueryException {
      String at = fields.required("at");
      try {
        Point point =
            new Point(
                fields.text("event"),
                fields.get("breakdown").isMissingNode()
                    ? Optional.empty()
                    : Optional.of(fields.get("breakdown")),
                OffsetDateTime.parse(at).toInstant(),
                Question.personLimit(fields));
        fields.end();
        return point;
      } catch (DateTimeParseException e) {
        throw RequestFields.invalid(fields.path("at") + " must be the time of a point");
      }
    }
  }

  static Trend read(RequestFields fields, InstantSource clock) throws QueryException {
    ZoneId zone = fields.zone("timezone");
    Measure measure = fields.choice("measure", Measure.TOTAL);
    List<String> events = EventMatch.names(fields);
    Optional<RequestFields> persons = fields.object("persons");
    Trend trend =
        new Trend(
            events.stream().distinct().toList(),
            measure,
            fields.text("of"),
            fields.choice("interval", Interval.DAY),
            TimeRange.read(fields, zone, clock),
            fields.text("breakdown"),
            fields.number("breakdown_limit", USUAL_BREAKDOWN, 1, 1_000),
            Filter.read(fields, "filters"),
            zone,
            fields.weekStart(),
            persons.isPresent() ? Optional.of(Point.read(persons.get())) : Optional.empty());
    fields.end();
    if (measure.needsProperty() && trend.of.isEmpty()) {
      throw RequestFields.invalid(
          "of is missing: the property whose " + fields.get("measure").asText() + " is asked for");
    }
    return trend;
  }

  private LocalCalendar calendar() {
    return new LocalCalendar(interval, zone, weekStart);
  }

  private TrendSeries series() {
    return new TrendSeries(events, breakdown.isPresent(), calendar());
  }

  @Override
  public boolean isCountable() {
    return point.isEmpty() && measure.compareTo(Measure.MAX) <= 0;
  }

  @Override
  public boolean isFasterCounted() {
    return measure != Measure.TOTAL;
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    if (measure.addsUp()) {
      return answer(counting, addedUp(counting));
    }
    boolean bySession = measure == Measure.SESSIONS;
    List<Role> roles = new ArrayList<>();
    roles.add(counting.role(new EventMatch(events, List.of()), filters, TrendTotals.COUNTED));
    if (bySession) {
      roles.add(counting.anyOther(List.of(), TrendTotals.IN_SESSION));
    }
    Optional<Expression> value = counting.value(breakdown);
    return counting.count(
        List.of("trend", calendar(), bySession),
        new Selection(roles, value),
        Counting.span(range.from(), range.to()),
        () -> new TrendTotals(calendar().counter(), !events.isEmpty(), bySession),
        (totals, values) -> answer(counting, cells(totals, counting, values)));
  }

  private ObjectNode answer(Counting counting, List<Cell> cells) throws QueryException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    TrendSeries series = series();
    ranked(cells)
        .forEach(cell ->
            series.add(cell.event(), cell.breakdown().value(), cell.bucket(), cell.value()));
    series.write(answer, range);
    counting.asking().finish(answer, sql(counting.asking(), named(counting.asking())));
    return answer;
  }

  private List<Cell> addedUp(Counting counting) throws QueryException {
    Dialect dialect = counting.asking().dialect();
    SumQuestion question =
        new SumQuestion(
            events,
            counting.condition(filters),
            counting.number(of.orElseThrow()),
            counting.value(breakdown),
            calendar(),
            calendar().number(dialect, "timestamp", range, counting.asking().clock().instant()),
            Sql.all(range.conditions(dialect)));
    List<Cell> cells = new ArrayList<>();
    for (Sum sum : counting.sums(question, Counting.span(range.from(), range.to()))) {
      BreakdownRanking.Value part = new BreakdownRanking.Value(sum.breakdown());
      cells.add(new Cell(sum.event(), part, sum.bucket(), sum.events(), measured(sum)));
    }
    return cells;
  }

  private double measured(Sum sum) {
    return switch (measure) {
      case SUM -> sum.sum();
      case AVG -> sum.values() == 0 ? 0 : sum.sum() / sum.values();
      case MIN -> sum.least();
      default -> sum.greatest();
    };
  }

  /** A point, and how many events it is made of. */
  private record Cell(
      @Nullable String event,
      BreakdownRanking.Value breakdown,
      long bucket,
      long events,
      double value) {}

  private List<Cell> cells(TrendTotals totals, Counting counting, KeptEvents.Values values) {
    List<Cell> cells = new ArrayList<>();
    totals.forEach((name, value, bucket, count, units) -> {
      Object part = breakdown.isEmpty() ? null : values.value(value);
      cells.add(
          new Cell(
              events.isEmpty() ? null : counting.event(name),
              new BreakdownRanking.Value(part),
              bucket,
              count,
              measure == Measure.TOTAL ? count : units));
    });
    return cells;
  }

  /** Those of the parts that are shown, in their order. */
  private List<Cell> ranked(List<Cell> cells) {
    BreakdownRanking ranking = new BreakdownRanking();
    cells.forEach(cell -> ranking.add(cell.breakdown(), cell.events()));
    Set<BreakdownRanking.Value> shown = new HashSet<>(ranking.top(breakdownLimit));
    return cells.stream()
        .filter(cell -> shown.contains(cell.breakdown()))
        .sorted(
            Comparator.comparing(
                    (Cell cell) -> new BreakdownRanking.Value(cell.event()), BreakdownRanking.ORDER)
                .thenComparing(Cell::breakdown, BreakdownRanking.ORDER))
        .toList();
  }

  private String sql(Asking asking, String named) {
    String top =
        breakdown.isEmpty()
            ? ""
            : " JOIN (SELECT breakdown AS kept FROM named GROUP BY breakdown ORDER BY count(*) DESC,"
                + " breakdown LIMIT "
                + breakdownLimit
                + ") ON breakdown IS NOT DISTINCT FROM kept";
    return "WITH named AS ("
        + named
        + ") SELECT event, breakdown, bucket, "
        + measured(asking.dialect())
        + " AS value FROM named"
        + top
        + " GROUP BY event, breakdown, bucket ORDER BY event, breakdown, bucket";
  }

  @Override
  public ObjectNode answer(Asking asking) throws QueryException {
    String named = named(asking);
    String sql = sql(asking, named);
    TrendSeries series = series();
    asking.rows(
        sql,
        row ->
            series.add(
                Asking.text(row, 0), row.value(1), Asking.number(row, 2), Asking.real(row, 3)));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    series.write(answer, range);
    if (point.isPresent()) {
      asking.persons(answer, "persons", personsAt(asking, named, point.get()), point.get().limit());
    }
    asking.finish(answer, sql);
    return answer;
  }

  /** The events asked for: event, breakdown, bucket, person_id, session, value. */
  private String named(Asking asking) throws QueryException {
    Properties properties = asking.properties();
    Dialect dialect = asking.dialect();
    List<String> conditions = range.conditions(dialect);
    List<String> meant = new ArrayList<>();
    if (!events.isEmpty()) {
      meant.add(EventMatch.among(events, dialect));
    }
    meant.addAll(Filter.conditions(filters, properties));
    String value = "NULL";
    if (of.isPresent()) {
      value =
          measure == Measure.DISTINCT
              ? properties.named(of.get()).sql()
              : properties.number(of.get());
    }
    String select =
        "SELECT "
            + (events.isEmpty() ? "CAST(NULL AS VARCHAR) AS event" : "event")
            + ", "
            + (breakdown.isPresent() ? properties.named(breakdown.get()).sql() : "NULL")
            + " AS breakdown, "
            + calendar().number(dialect, "timestamp", range, asking.clock().instant())
            + " AS bucket, person_id, "
            + (measure == Measure.SESSIONS ? "session" : "NULL AS session")
            + ", "
            + value
            + " AS value FROM ";
    if (measure != Measure.SESSIONS) {
      return select + "events" + Sql.where(Sql.concat(conditions, meant));
    }
    String later = dialect.isLater("previous", "timestamp", SessionTotals.USUAL_TIMEOUT);
    return select + "(" + Sql.sessions(dialect, "*", conditions, later) + ")" + Sql.where(meant);
  }

  private String measured(Dialect dialect) {
    return switch (measure) {
      case TOTAL -> "count(*)";
      case PERSONS -> "count(DISTINCT person_id)";
      case SESSIONS -> "count(DISTINCT (person_id, session))";
      case SUM -> "sum(value)";
      case AVG -> "avg(value)";
      case MIN -> "min(value)";
      case MAX -> "max(value)";
      case MEDIAN -> dialect.quantile("value", 0.5);
      case P95 -> dialect.quantile("value", 0.95);
      case DISTINCT -> "count(DISTINCT value)";
    };
  }

  private String personsAt(Asking asking, String named, Point asked) throws QueryException {
    Dialect dialect = asking.dialect();
    List<String> conditions = new ArrayList<>();
    conditions.add("bucket = " + calendar().number(asked.at()));
    conditions.add("person_id IS NOT NULL");
    asked.event().ifPresent(event -> conditions.add("event = " + dialect.text(event)));
    if (asked.breakdown().isPresent()) {
      JsonNode value = asked.breakdown().get();
      conditions.add(Sql.is("breakdown", value, dialect));
    }
    return "SELECT DISTINCT person_id FROM (" + named + ")" + Sql.where(conditions);
  }
}
