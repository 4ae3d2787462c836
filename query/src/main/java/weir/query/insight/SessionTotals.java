package weir.query.insight;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import weir.query.QueryException;
import weir.query.kept.Selection;

/**
 * How many sessions there were, and how long they took. A session is a person's events until more
 * than the timeout passes without one.
 *
 * @param persons how many persons are to be listed
 */
record SessionTotals(Duration timeout, TimeRange range, List<Filter> filters, OptionalInt persons)
    implements Counting.Countable {
  static final Duration USUAL_TIMEOUT = Duration.ofMinutes(30);
  static final long USUAL_MICROS = USUAL_TIMEOUT.toNanos() / 1_000;

  static SessionTotals read(RequestFields fields, InstantSource clock) throws QueryException {
    OptionalInt persons = OptionalInt.empty();
    if (fields.object("persons").isPresent()) {
      RequestFields asked = fields.object("persons").get();
      persons = OptionalInt.of(Question.personLimit(asked));
      asked.end();
    }
    SessionTotals totals =
        new SessionTotals(
            fields.duration("timeout", USUAL_TIMEOUT),
            TimeRange.read(fields, fields.zone("timezone"), clock),
            Filter.read(fields, "filters"),
            persons);
    fields.end();
    return totals;
  }

  @Override
  public boolean isCountable() {
    return persons.isEmpty();
  }

  @Override
  public ObjectNode count(Counting counting) throws QueryException {
    return counting.count(
        List.of("sessions", timeout),
        new Selection(List.of(counting.role(EventMatch.ANY, filters, 1)), Optional.empty()),
        Counting.span(range.from(), range.to()),
        () -> new SessionLengths(timeout),
        (totals, values) -> {
          ObjectNode answer = JsonNodeFactory.instance.objectNode();
          totals.write(answer);
          counting.asking().finish(answer, sql(counting.asking(), conditions(counting.asking())));
          return answer;
        });
  }

  private List<String> conditions(Asking asking) throws QueryException {
    return Sql.concat(
        range.conditions(asking.dialect()), Filter.conditions(filters, asking.properties()));
  }

  private String sql(Asking asking, List<String> conditions) {
    Dialect dialect = asking.dialect();
    return "WITH numbered AS ("
        + Sql.sessions(
            dialect,
            "person_id, timestamp",
            conditions,
            dialect.isLater("previous", "timestamp", timeout))
        + "), lengths AS (SELECT person_id, session, count(*) AS events, "
        + dialect.epochMicros("max(timestamp)")
        + " - "
        + dialect.epochMicros("min(timestamp)")
        + " AS micros FROM numbered GROUP BY person_id, session)"
        + " SELECT count(*), count(DISTINCT person_id), sum(micros) / 1e6 / count(*), "
        + dialect.quantile("micros", 0.5)
        + " / 1e6, max(micros) / 1e6, sum(CASE WHEN events = 1 THEN 1 ELSE 0 END) * 1e0 / count(*)"
        + " FROM lengths";
  }

  @Override
  public ObjectNode answer(Asking asking) throws QueryException {
    List<String> conditions = conditions(asking);
    String sql = sql(asking, conditions);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    asking.rows(
        sql,
        row -> {
          answer.put("sessions", Asking.number(row, 0));
          answer.put("persons", Asking.number(row, 1));
          answer.set("mean_seconds", Asking.json(Asking.real(row, 2)));
          answer.set("median_seconds", Asking.json(Asking.real(row, 3)));
          answer.set("max_seconds", Asking.json(Asking.real(row, 4)));
          answer.set("bounce_rate", Asking.json(Asking.real(row, 5)));
        });
    if (persons.isPresent()) {
      String behind =
          "SELECT DISTINCT person_id FROM events"
              + Sql.where(Sql.concat(List.of("person_id IS NOT NULL"), conditions));
      asking.persons(answer, "person_ids", behind, persons.getAsInt());
    }
    asking.finish(answer, sql);
    return answer;
  }
}
