package weir.query.insight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.ProjectProperties;
import weir.lake.AsOf;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.EventView;
import weir.query.LakeSource;
import weir.query.Query;
import weir.query.QueryColumn;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.Questions;
import weir.query.kept.KeptEvents;
import weir.query.kept.TooLargeException;

/** Answers questions about behaviour. Safe for use by several threads. */
public final class Insights implements Questions {
  private static final Logger LOG = LoggerFactory.getLogger(Insights.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final QueryEngine engine;
  private final PropertyReading properties;
  private final InstantSource clock;
  private final Optional<KeptEvents> kept;
  private final RecentQuestions recent = new RecentQuestions();
  private final Dialect dialect = new DuckDbDialect();

  /**
   * Over an engine; each question is answered by a statement.
   *
   * @param clock that relative times are relative to
   */
  public Insights(QueryEngine engine, InstantSource clock) {
    this(engine, clock, Optional.empty());
  }

  /** Reads what is known of a project's properties. */
  private interface PropertyReading {
    ProjectProperties read(String project) throws IOException;
  }

  /**
   * Over an engine; nothing is known of properties.
   *
   * @param clock that relative times are relative to
   * @param kept events of the same engine, that questions are answered from where they can
   */
  public Insights(QueryEngine engine, InstantSource clock, Optional<KeptEvents> kept) {
    this(engine, project -> ProjectProperties.UNKNOWN, clock, kept);
  }

  /**
   * Over an engine.
   *
   * @param lake that the engine reads
   * @param clock that relative times are relative to
   * @param kept events of the same engine, that questions are answered from where they can
   */
  public Insights(
      QueryEngine engine, LakeSource lake, InstantSource clock, Optional<KeptEvents> kept) {
    this(engine, lake::properties, clock, kept);
  }

  private Insights(
      QueryEngine engine,
      PropertyReading properties,
      InstantSource clock,
      Optional<KeptEvents> kept) {
    this.engine = engine;
    this.properties = properties;
    this.clock = clock;
    this.kept = kept;
  }

  @Override
  public byte[] answer(String kind, Access access, byte[] body, Deadline deadline)
      throws QueryException {
    JsonNode request = read(body);
    Notes notes = new Notes(request);
    RequestFields fields = RequestFields.of(request);
    Optional<AsOf> asOf = asOf(fields);
    Question question =
        switch (kind) {
          case "trend" -> Trend.read(fields, clock);
          case "funnel" -> Funnel.read(fields, clock);
          case "retention" -> Retention.read(fields, clock);
          case "path" -> Paths.read(fields, clock);
          case "sessions" -> SessionTotals.read(fields, clock);
          case "distribution" -> Distribution.read(fields, clock);
          default ->
              throw new QueryException(
                  QueryError.NOT_FOUND,
                  "there are trend, funnel, retention, path, sessions and distribution, not "
                      + kind);
        };
    boolean again = recent.add(access, kind, body);
    Optional<ObjectNode> counted =
        asOf.isPresent() ? Optional.empty() : counted(question, notes, again, access, deadline);
    JsonNode answer =
        counted.isPresent() ? counted.get() : asked(question, notes, access, asOf, deadline);
    return answer.toString().getBytes(StandardCharsets.UTF_8);
  }

  private ObjectNode asked(
      Question question, Notes notes, Access access, Optional<AsOf> asOf, Deadline deadline)
      throws QueryException {
    TableColumns columns = new TableColumns(access, asOf, deadline);
    Asking asking = asking(access, asOf, deadline, columns);
    ObjectNode answer = question.answer(asking);
    notes.add(
        answer,
        () -> {
          Set<String> names = new HashSet<>();
          asking(access, asOf, deadline, columns)
              .rows(
                  "SELECT DISTINCT event FROM events",
                  row -> names.add(String.valueOf(row.value(0))));
          return names;
        },
        columns);
    return answer;
  }

  private Asking asking(
      Access access, Optional<AsOf> asOf, Deadline deadline, Properties.Columns columns) {
    return new Asking(engine, access, asOf, deadline, clock, dialect, columns);
  }

  /** The answer from kept events; empty where a statement is to be asked. */
  private Optional<ObjectNode> counted(
      Question question, Notes notes, boolean again, Access access, Deadline deadline)
      throws QueryException {
    if (kept.isEmpty()
        || access.limit().isPresent()
        || !(question instanceof Counting.Countable countable)
        || !countable.isCountable()
        || !(again || countable.isFasterCounted())) {
      return Optional.empty();
    }
    try (KeptEvents.Reading reading = kept.get().read(access.project(), deadline)) {
      EventView view = reading.view();
      ViewProperties columns = new ViewProperties(view);
      Asking asking = asking(access, Optional.empty(), deadline, columns);
      ObjectNode answer = countable.count(new Counting(reading, asking));
      notes.add(answer, view::events, columns);
      return Optional.of(answer);
    } catch (TooLargeException | Counting.NotCountableException e) {
      return Optional.empty();
    } catch (QueryException e) {
      deadline.check();
      if (e.error() != QueryError.INTERNAL && e.error() != QueryError.OUT_OF_MEMORY) {
        throw e;
      }
      // a statement says better what is wrong with a user's expression
      LOG.warn("A question is asked by a statement, since it could not be counted", e);
      return Optional.empty();
    }
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
      return KeptTexts.in(JSON.readTree(body));
    } catch (JsonProcessingException e) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "the body is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new QueryException(QueryError.INVALID_REQUEST, "the body cannot be read", e);
    }
  }

  /** What a view has. */
  private record ViewProperties(EventView view) implements Properties.Columns {
    @Override
    public Optional<String> type(String column) {
      return view.column(column).map(EventView.Column::type);
    }

    @Override
    public ProjectProperties properties() {
      return view.properties();
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
    public ProjectProperties properties() throws QueryException {
      try {
        return properties.read(access.project());
      } catch (IOException e) {
        throw new QueryException(
            QueryError.UNAVAILABLE, "what is known of properties cannot be read now", e);
      }
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
