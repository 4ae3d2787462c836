package weir.query.insight;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import weir.query.QueryException;

/**
 * How many sessions there were, and how long they took. A session is a person's events until more
 * than the timeout passes without one.
 *
 * @param persons how many persons are to be listed
 */
record SessionTotals(Duration timeout, TimeRange range, List<Filter> filters, OptionalInt persons)
    implements Question {
  static final Duration USUAL_TIMEOUT = Duration.ofMinutes(30);

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
  public ObjectNode answer(Asking asking) throws QueryException {
    Dialect dialect = asking.dialect();
    List<String> conditions =
        Sql.concat(range.conditions(dialect), Filter.conditions(filters, asking.properties()));
    String sql =
        "WITH numbered AS ("
            + Sql.sessions(
                dialect,
                "person_id, timestamp, event_id",
                conditions,
                dialect.isLater("previous", "timestamp", timeout))
            + "), lengths AS (SELECT person_id, session, count(*) AS events, "
            + dialect.secondsBetween("min(timestamp)", "max(timestamp)")
            + " AS seconds FROM numbered GROUP BY person_id, session)"
            + " SELECT count(*), count(DISTINCT person_id), avg(seconds), "
            + dialect.quantile("seconds", 0.5)
            + ", max(seconds), avg(CASE WHEN events = 1 THEN 1.0 ELSE 0.0 END) FROM lengths";
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
