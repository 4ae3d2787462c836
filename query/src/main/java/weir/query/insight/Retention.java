package weir.query.insight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import weir.query.QueryException;
import weir.query.kept.Selection;
import weir.query.kept.TimeSpan;

/** How many of those who did one thing came back to do another, period by period. */
record Retention(
    EventMatch start,
    EventMatch back,
    LocalCalendar calendar,
    int periods,
    Mode mode,
    TimeRange range,
    List<Filter> filters,
    Optional<Cell> cell)
    implements Counting.Countable {
  /** Of all cohorts together: how many persons came back after how many periods. */
  static final int MOST_NUMBERS = 1_000_000;

  /** Which cohorts a person belongs to, and what counts as having returned. */
  enum Mode {
    RECURRING,
    FIRST_TIME,
    ROLLING
  }

  /** A cohort's returned persons, who are asked for. */
  record Cell(long cohort, int period, int limit) {}

  static Retention read(RequestFields fields, InstantSource clock) throws QueryException {
    ZoneId zone = fields.zone("timezone");
    Interval unit = fields.choice("period", Interval.DAY);
    if (unit == Interval.MINUTE) {
      throw RequestFields.invalid("period must be one of hour, day, week, month");
    }
    LocalCalendar calendar = new LocalCalendar(unit, zone, fields.weekStart());
    Optional<RequestFields> persons = fields.object("persons");
    Optional<RequestFields> start = fields.object("start");
    Optional<RequestFields> back = fields.object("return");
    int periods = fields.number("periods", 12, 1, 1_000);
    Retention retention =
        new Retention(
            start.isPresent() ? EventMatch.read(start.get()) : EventMatch.ANY,
            back.isPresent() ? EventMatch.read(back.get()) : EventMatch.ANY,
            calendar,
            periods,
            fields.choice("mode", Mode.RECURRING),
            TimeRange.read(fields, zone, clock),
            Filter.read(fields, "filters"),
            persons.isPresent()
                ? Optional.of(cell(persons.get(), calendar, zone, periods))
                : Optional.empty());
    fields.end();
    return retention;
  }

  private static Cell cell(RequestFields fields, LocalCalendar calendar, ZoneId zone, int periods)
      throws QueryException {
    String cohort =
        fields
            .text("cohort")
            .orElseThrow(() ->
                RequestFields.invalid(
                    fields.path("cohort") + " is missing: the start of a cohort"));
    try {
      Cell cell =
          new Cell(
              calendar.number(TimeRange.moment(cohort, zone)),
              fields.number("period", 0, 0, periods - 1),
              Question.personLimit(fields));
      fields.end();
      return cell;
    } catch (DateTimeException e) {
      throw RequestFields.invalid(fields.path("cohort") + " must be the start of a cohort");
    }
  }

  @Override
  public boolean isCountable() {
    return cell.isEmpty();
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    Selection selection =
        new Selection(
            List.of(
                counting.role(start, filters, RetentionTotals.STARTS),
                counting.role(back, filters, RetentionTotals.RETURNS)),
            Optional.empty());
    boolean first = mode == Mode.FIRST_TIME;
    // who began before the range is told by events before it
    TimeSpan read = Counting.span(first ? Optional.empty() : range.from(), range.to());
    long countedFrom = first ? Counting.span(range.from(), range.to()).from() : Long.MIN_VALUE;
    return counting.count(
        List.of("retention", calendar, periods, mode, countedFrom),
        selection,
        read,
        () -> new RetentionTotals(this, countedFrom),
        (totals, values) -> {
          TreeMap<Long, RetentionTotals.Cohort> cohorts = new TreeMap<>(totals.cohorts());
          cohorts.values().removeIf(cohort -> cohort.size() == 0);
          ObjectNode answer = JsonNodeFactory.instance.objectNode();
          write(answer, cohorts, counting.asking().clock().instant());
          counting.asking().finish(answer, sql(with(counting.asking())));
          return answer;
        });
  }

  private String sql(String with) {
    return with
        + " SELECT cohort, -1 AS later, count(*) AS persons FROM starts GROUP BY cohort"
        + " UNION ALL SELECT cohort, "
        + later()
        + " AS later, count(*) AS persons FROM starts JOIN returns"
        + " ON starts.person_id = returns.person_id AND returns.period >= cohort"
        + (mode == Mode.ROLLING ? "" : " AND returns.period < cohort + " + periods)
        + " GROUP BY cohort, later ORDER BY cohort, later";
  }

  @Override
  public ObjectNode answer(Asking asking) throws QueryException {
    String with = with(asking);
    String sql = sql(with);
    TreeMap<Long, RetentionTotals.Cohort> cohorts = new TreeMap<>();
    asking.rows(
        sql,
        row -> {
          RetentionTotals.Cohort cohort =
              cohorts.computeIfAbsent(
                  Asking.number(row, 0), start -> new RetentionTotals.Cohort(periods));
          cohort.add((int) Asking.number(row, 1), Asking.number(row, 2));
          if (isTooLarge(cohorts.size())) {
            throw tooLarge();
          }
        });
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    write(answer, cohorts, asking.clock().instant());
    if (cell.isPresent()) {
      asking.persons(answer, "persons", with + " " + behind(cell.get()), cell.get().limit());
    }
    asking.finish(answer, sql);
    return answer;
  }

  /** The tables starts (person_id, cohort) and returns (person_id, period), each row once. */
  private String with(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    Properties properties = asking.properties();
    Instant now = asking.clock().instant();
    List<String> always =
        Sql.concat(List.of("person_id IS NOT NULL"), Filter.conditions(filters, properties));
    List<String> within = Sql.concat(always, range.conditions(dialect));
    String starts;
    if (mode == Mode.FIRST_TIME) {
      List<String> before =
          Sql.concat(always, new TimeRange(Optional.empty(), range.to()).conditions(dialect));
      starts =
          "SELECT person_id, "
              + calendar.number(dialect, "first", range, now)
              + " AS cohort FROM (SELECT person_id, min(timestamp) AS first FROM events"
              + Sql.where(Sql.concat(before, start.conditions(properties)))
              + " GROUP BY person_id)"
              + range.from().map(from -> " WHERE first >= " + dialect.timestamp(from)).orElse("");
    } else {
      starts =
          "SELECT DISTINCT person_id, "
              + calendar.number(dialect, "timestamp", range, now)
              + " AS cohort FROM events"
              + Sql.where(Sql.concat(within, start.conditions(properties)));
    }
    String period = calendar.number(dialect, "timestamp", range, now);
    String from = " FROM events" + Sql.where(Sql.concat(within, back.conditions(properties)));
    String returns =
        mode == Mode.ROLLING
            ? "SELECT person_id, max(" + period + ") AS period" + from + " GROUP BY person_id"
            : "SELECT DISTINCT person_id, " + period + " AS period" + from;
    return "WITH starts AS (" + starts + "), returns AS (" + returns + ")";
  }

  private String later() {
    return mode == Mode.ROLLING
        ? "least(returns.period - cohort, " + (periods - 1) + ")"
        : "returns.period - cohort";
  }

  private String behind(Cell asked) {
    return "SELECT starts.person_id FROM starts JOIN returns"
        + " ON starts.person_id = returns.person_id AND returns.period "
        + (mode == Mode.ROLLING ? ">=" : "=")
        + " cohort + "
        + asked.period()
        + " WHERE cohort = "
        + asked.cohort();
  }

  /** Whether so many cohorts have more numbers than an answer may hold. */
  boolean isTooLarge(long cohorts) {
    return cohorts * periods > MOST_NUMBERS;
  }

  private static QueryException tooLarge() {
    return RequestFields.invalid(
        "that would be more than "
            + MOST_NUMBERS
            + " numbers; take a longer period, fewer periods, or a shorter time by from and to");
  }

  private void write(ObjectNode answer, TreeMap<Long, RetentionTotals.Cohort> cohorts, Instant now)
      throws QueryException {
    ArrayNode all = answer.putArray("cohorts");
    if (cohorts.isEmpty()) {
      return;
    }
    if (isTooLarge(cohorts.lastKey() - cohorts.firstKey() + 1)) { // those between have numbers too
      throw tooLarge();
    }
    long end = calendar.number(range.to().orElse(now).minusNanos(1_000));
    long last = Math.max(end, cohorts.lastKey());
    for (long start = cohorts.firstKey(); start <= cohorts.lastKey(); start++) {
      RetentionTotals.Cohort cohort =
          cohorts.getOrDefault(start, new RetentionTotals.Cohort(periods));
      ObjectNode one = all.addObject();
      one.put("start", name(start));
      one.put("size", cohort.size());
      ArrayNode returned = one.putArray("returned");
      for (int later = 0; later < periods && start + later <= last; later++) {
        returned.add(returned(cohort, later));
      }
    }
  }

  private long returned(RetentionTotals.Cohort cohort, int later) {
    if (mode != Mode.ROLLING) {
      return cohort.returned()[later];
    }
    long sum = 0;
    for (int i = later; i < periods; i++) {
      sum += cohort.returned()[i];
    }
    return sum;
  }

  private String name(long start) {
    return calendar
        .date(start)
        .map(LocalDate::toString)
        .orElseGet(() -> calendar.start(start).toString());
  }
}
