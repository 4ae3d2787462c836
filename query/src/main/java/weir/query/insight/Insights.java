package weir.query.insight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import weir.lake.AsOf;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.Query;
import weir.query.QueryColumn;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.Questions;

/** Answers questions about behaviour. Safe for use by several threads. */
public final class Insights implements Questions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final QueryEngine engine;
  private final InstantSource clock;
  private final Dialect dialect = new DuckDbDialect();

  /**
   * Over an engine.
   *
   * @param clock that relative times are relative to
   */
  public Insights(QueryEngine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  @Override
  public byte[] answer(String kind, Access access, byte[] body, Deadline deadline)
      throws QueryException {
    RequestFields fields = RequestFields.of(read(body));
    Optional<AsOf> asOf = asOf(fields);
    Question question =
        switch (kind) {
          case "trend" -> Trend.read(fields, clock);
          case "funnel" -> Funnel.read(fields, clock);
          case "retention" -> Retention.read(fields, clock);
          case "path" -> Paths.read(fields, clock);
          case "sessions" -> SessionTotals.read(fields, clock);
          default ->
              throw new QueryException(
                  QueryError.NOT_FOUND,
                  "there are trend, funnel, retention, path and sessions, not " + kind);
        };
    Properties properties = new Properties(dialect, new TableColumns(access, asOf, deadline));
    Asking asking = new Asking(engine, access, asOf, deadline, clock, properties);
    return question.answer(asking).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<AsOf> asOf(RequestFields fields) throws QueryException {
    Optional<String> text = fields.text("as_of");
    Optional<AsOf> asOf = text.flatMap(AsOf::parse);
    if (text.isPresent() && asOf.isEmpty()) {
      throw RequestFields.invalid(
          "as_of must be a snapshot's name or a time like 2026-01-01T00:00:00Z");
    }
    return asOf;
  }

  private static JsonNode read(byte[] body) throws QueryException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "the body is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new QueryException(QueryError.INVALID_REQUEST, "the body cannot be read", e);
    }
  }

  /** Asked for when a question names a property, and only then. */
  private final class TableColumns implements Properties.Columns {
    private final Access access;
    private final Optional<AsOf> asOf;
    private final Deadline deadline;
    private final Map<String, String> types = new HashMap<>();

    TableColumns(Access access, Optional<AsOf> asOf, Deadline deadline) {
      this.access = access;
      this.asOf = asOf;
      this.deadline = deadline;
    }

    @Override
    public Optional<String> type(String column) throws QueryException {
      if (types.isEmpty()) {
        Query query = new Query(access, "SELECT * FROM events LIMIT 0", List.of(), asOf);
        try (QueryRows rows = engine.run(query, deadline)) {
          for (QueryColumn each : rows.columns()) {
            types.put(each.name(), each.type());
          }
        }
      }
      return Optional.ofNullable(types.get(column));
    }
  }
}
