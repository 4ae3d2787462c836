package weir.query.insight;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import weir.query.QueryException;
import weir.query.kept.Selection;

/**
 * Which event followed which, step by step, in sessions or in all that a person did.
 *
 * <p>A path begins with the first event, or the first one named start; it ends with the first one
 * named end that follows, and only paths that reach it count. Where only an end is named, its last
 * steps are shown, else its first. Events of one moment are taken in the order of their names.
 *
 * @param steps events of a path that are shown
 * @param top links of each step that are shown
 */
record Paths(
    Optional<String> start,
    Optional<String> end,
    int steps,
    By by,
    boolean collapse,
    int top,
    TimeRange range,
    List<Filter> filters,
    Optional<Link> link)
    implements Counting.Countable {
  /** What one path is. */
  enum By {
    SESSION,
    PERSON
  }

  /** A link whose persons are asked for. */
  record Link(int step, String from, String to, int limit) {
    static Link read(RequestFields fields) throws QueryException {
      Link link =
          new Link(
              fields.number("step", 1, 1, 1_000),
              fields.required("from"),
              fields.required("to"),
              Question.personLimit(fields));
      fields.end();
      return link;
    }
  }

  static Paths read(RequestFields fields, InstantSource clock) throws QueryException {
    Optional<RequestFields> persons = fields.object("persons");
    Paths paths =
        new Paths(
            fields.text("start"),
            fields.text("end"),
            fields.number("steps", 5, 2, 50),
            fields.choice("by", By.SESSION),
            fields.flag("collapse_repeats", true),
            fields.number("top", 10, 1, 1_000),
            TimeRange.read(fields, fields.zone("timezone"), clock),
            Filter.read(fields, "filters"),
            persons.isPresent() ? Optional.of(Link.read(persons.get())) : Optional.empty());
    fields.end();
    return paths;
  }

  @Override
  public boolean isCountable() {
    return link.isEmpty();
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    return counting.count(
        List.of("path", start, end, steps, by, collapse),
        new Selection(List.of(counting.role(EventMatch.ANY, filters, 1)), Optional.empty()),
        Counting.span(range.from(), range.to()),
        () -> new PathTotals(this, counting::event),
        (totals, values) -> {
          Asking asking = counting.asking();
          ObjectNode answer = JsonNodeFactory.instance.objectNode();
          write(answer, totals, counting);
          asking.finish(answer, sql(with(asking)));
          return answer;
        });
  }

  /** One event after another, and how often. */
  private record Counted(int step, String from, String to, long count) {
    static final Comparator<Counted> ORDER =
        Comparator.comparingInt(Counted::step)
            .thenComparing(Comparator.comparingLong(Counted::count).reversed())
            .thenComparing(Counted::from, BreakdownRanking::compare)
            .thenComparing(Counted::to, BreakdownRanking::compare);
  }

  private void write(ObjectNode answer, PathTotals totals, Counting counting) {
    List<Counted> counted = new ArrayList<>();
    totals.forEach((step, from, to, count) ->
        counted.add(new Counted(step, counting.event(from), counting.event(to), count)));
    counted.sort(Counted.ORDER);
    ArrayNode links = answer.putArray("links");
    int shown = 0;
    int step = 0;
    for (Counted each : counted) {
      shown = each.step() == step ? shown + 1 : 1;
      step = each.step();
      if (shown <= top) {
        write(links.addObject(), each);
      }
    }
  }

  private static void write(ObjectNode one, Counted link) {
    one.put("step", (long) link.step());
    one.put("from", link.from());
    one.put("to", link.to());
    one.put("count", link.count());
  }

  private String sql(String with) {
    return with
        + ", counted AS (SELECT step, source, target, count(*) AS paths FROM links"
        + " GROUP BY step, source, target), ranked AS (SELECT *, row_number() OVER"
        + " (PARTITION BY step ORDER BY paths DESC, source, target) AS place FROM counted)"
        + " SELECT step, source, target, paths FROM ranked WHERE place <= "
        + top
        + " ORDER BY step, paths DESC, source, target";
  }

  @Override
  public ObjectNode answer(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    String with = with(asking);
    String sql = sql(with);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode links = answer.putArray("links");
    asking.rows(
        sql,
        row ->
            write(
                links.addObject(),
                new Counted(
                    (int) Asking.number(row, 0),
                    String.valueOf(row.value(1)),
                    String.valueOf(row.value(2)),
                    Asking.number(row, 3))));
    if (link.isPresent()) {
      Link asked = link.get();
      String behind =
          with
              + " SELECT DISTINCT person_id FROM links WHERE step = "
              + asked.step()
              + " AND source = "
              + dialect.text(asked.from())
              + " AND target = "
              + dialect.text(asked.to());
      asking.persons(answer, "persons", behind, asked.limit());
    }
    asking.finish(answer, sql);
    return answer;
  }

  /** The table links: person_id, session, step, source, target, each row of one path. */
  private String with(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    List<String> conditions =
        Sql.concat(range.conditions(dialect), Filter.conditions(filters, asking.properties()));
    String later = dialect.isLater("previous", "timestamp", SessionTotals.USUAL_TIMEOUT);
    String columns = "person_id, timestamp, event";
    String numbered =
        by == By.SESSION
            ? Sql.sessions(dialect, columns, conditions, later)
            : "SELECT "
                + columns
                + ", 1 AS session FROM events"
                + Sql.where(Sql.concat(List.of("person_id IS NOT NULL"), conditions));
    String inTime = " OVER (PARTITION BY person_id, session ORDER BY timestamp, event)";
    String repeats = collapse ? " WHERE before IS NULL OR before <> event" : "";
    return "WITH numbered AS ("
        + numbered
        + "), followed AS (SELECT *, lag(event)"
        + inTime
        + " AS before FROM numbered), kept AS (SELECT person_id, session, event, row_number()"
        + inTime
        + " AS place FROM followed"
        + repeats
        + "), "
        + bounds(dialect)
        + ", shown AS (SELECT kept.person_id, kept.session, event, place - first_place + 1 AS step"
        + " FROM kept JOIN bounds ON kept.person_id = bounds.person_id"
        + " AND kept.session = bounds.session WHERE place BETWEEN first_place AND last_place)"
        + ", links AS (SELECT * FROM (SELECT person_id, session, step - 1 AS step, lag(event)"
        + " OVER (PARTITION BY person_id, session ORDER BY step) AS source, event AS target"
        + " FROM shown) WHERE source IS NOT NULL)";
  }

  /** The table bounds: where each path begins and ends; paths that do not count are not in it. */
  private String bounds(Dialect dialect) {
    String begins =
        start.isEmpty()
            ? "SELECT person_id, session, min(place) AS first_place, max(place) AS final_place"
                + " FROM kept GROUP BY person_id, session"
            : "SELECT person_id, session, min(CASE WHEN event = "
                + dialect.text(start.get())
                + " THEN place END) AS first_place, max(place) AS final_place FROM kept"
                + " GROUP BY person_id, session";
    String begun = "begun AS (SELECT * FROM (" + begins + ") WHERE first_place IS NOT NULL)";
    if (end.isEmpty()) {
      return begun
          + ", bounds AS (SELECT person_id, session, first_place, least(final_place, first_place + "
          + (steps - 1)
          + ") AS last_place FROM begun)";
    }
    String after = start.isEmpty() ? "place >= first_place" : "place > first_place";
    String first =
        start.isEmpty() ? "greatest(first_place, end_place - " + (steps - 1) + ")" : "first_place";
    String last =
        start.isEmpty() ? "end_place" : "least(end_place, first_place + " + (steps - 1) + ")";
    return begun
        + ", ended AS (SELECT begun.person_id, begun.session, first_place, min(place) AS end_place"
        + " FROM begun JOIN kept ON begun.person_id = kept.person_id"
        + " AND begun.session = kept.session WHERE event = "
        + dialect.text(end.get())
        + " AND "
        + after
        + " GROUP BY begun.person_id, begun.session, first_place)"
        + ", bounds AS (SELECT person_id, session, "
        + first
        + " AS first_place, "
        + last
        + " AS last_place FROM ended)";
  }
}
