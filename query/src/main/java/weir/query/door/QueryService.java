package weir.query.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.ParquetExport;
import weir.query.Query;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryKey;
import weir.query.QueryRows;
import weir.query.Questions;
import weir.query.StatementTypes;
import weir.query.postgres.PostgresRequest;
import weir.query.postgres.PostgresSql;
import weir.query.rendering.ChunkedOutput;
import weir.query.rendering.PostgresWriter;
import weir.query.rendering.ResultFormat;
import weir.query.rendering.ResultSink;
import weir.query.rendering.ResultWriter;

/** Runs requests on threads of their own, knows those that run, and keeps asynchronous results. */
final class QueryService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QueryService.class);

  private static final Supplier<QueryException> LOST =
      () ->
          new QueryException(
              QueryError.QUERY_LOST,
              "another statement of this project ended the process that this one ran in; it starts"
                  + " again");

  private final QueryEngine engine;
  private final Questions questions;
  private final QueryOptions options;
  private final LongSupplier ticker;
  private final MeterRegistry meters;
  private final KeptResults kept;
  private final QueryGate gate;
  private final Map<QueryKey, RunningQuery> running = new ConcurrentHashMap<>();
  private final Counter rowsWritten;
  private volatile boolean unloadable;
  private boolean closed;
  private boolean givenUp;

  QueryService(
      QueryEngine engine,
      Questions questions,
      QueryOptions options,
      LongSupplier ticker,
      MeterRegistry meters) {
    this.engine = engine;
    this.questions = questions;
    this.options = options;
    this.ticker = ticker;
    this.meters = meters;
    this.kept = new KeptResults(options, ticker);
    this.gate = new QueryGate(options.concurrent(), options.projectConcurrent());
    this.rowsWritten =
        Counter.builder("weir_query_rows_total")
            .description("Rows written to results of JSON, CSV and NDJSON")
            .register(meters);
    Gauge.builder("weir_query_running", running, Map::size)
        .description("Queries that run or wait now")
        .register(meters);
  }

  /** The id that a request gets. */
  static QueryKey key(QueryRequest request) {
    return new QueryKey(
        request.query().access(), request.id().orElseGet(() -> UUID.randomUUID().toString()));
  }

  /** What a thread does for a query. */
  private interface Work {
    void write(RunningQuery query, ChunkedOutput out) throws QueryException, IOException;
  }

  /** Starts a query whose result goes to the sink. */
  RunningQuery start(QueryRequest request, QueryKey key, ResultSink sink) throws QueryException {
    RunningQuery query = register(key, QueryGate.Kind.STATEMENT, request.timeout());
    query.deadline().onEnd(sink::abort);
    launch(query, sink, false, (running, out) -> write(request, running, out));
    return query;
  }

  /** Starts a query whose result is kept. */
  RunningQuery startKept(QueryRequest request, QueryKey key) throws QueryException {
    RunningQuery query = register(key, QueryGate.Kind.STATEMENT, request.timeout());
    ResultSink sink;
    try {
      Path file = newFile(options.results());
      kept.begin(key, file);
      sink = new FileSink(file, options.keptBytes(), kept, key, request.format());
    } catch (IOException e) {
      running.remove(key);
      throw new QueryException(QueryError.UNAVAILABLE, "results cannot be kept now", e);
    }
    launch(query, sink, true, (running, out) -> write(request, running, out));
    return query;
  }

  /** Starts to answer a question; see {@link Questions#answer}. */
  RunningQuery startQuestion(Access access, String kind, byte[] body, ResultSink sink)
      throws QueryException {
    QueryKey key = new QueryKey(access, UUID.randomUUID().toString());
    RunningQuery query = register(key, QueryGate.Kind.QUESTION, options.timeout());
    query.deadline().onEnd(sink::abort);
    launch(
        query,
        sink,
        false,
        (running, out) -> out.write(questions.answer(kind, access, body, running.deadline())));
    return query;
  }

  /** Starts a statement of a client of PostgreSQL; its result goes to the sink as messages. */
  RunningQuery startPostgres(PostgresRequest request, ResultSink sink) throws QueryException {
    return startPostgres(request, sink, (running, out) -> writePostgres(request, running, out));
  }

  /** Starts to find the types of a statement of a client of PostgreSQL. */
  RunningQuery startDescription(PostgresRequest request, ResultSink sink) throws QueryException {
    return startPostgres(request, sink, (running, out) -> describe(request, running, out));
  }

  private RunningQuery startPostgres(PostgresRequest request, ResultSink sink, Work work)
      throws QueryException {
    RunningQuery query = register(request.key(), QueryGate.Kind.STATEMENT, options.timeout());
    query.deadline().onEnd(sink::abort);
    launch(query, sink, false, work);
    return query;
  }

  private void describe(PostgresRequest request, RunningQuery running, OutputStream out)
      throws QueryException, IOException {
    if (!(engine instanceof StatementTypes.Source source)) {
      throw new QueryException(QueryError.INVALID_REQUEST, "this engine describes no statements");
    }
    StatementTypes types = PostgresDescription.of(request, source, running.deadline());
    out.write(PostgresWriter.described(types, request));
  }

  /** Once rows are on their way, a failure follows them as a message. */
  private void writePostgres(PostgresRequest request, RunningQuery running, ChunkedOutput out)
      throws QueryException, IOException {
    PostgresSql translated = request.translated();
    try (QueryRows rows = engine.run(request.query(translated), running.deadline())) {
      running.progress(rows instanceof QueryRows.Progress progress ? progress : null);
      rowsWritten.increment(PostgresWriter.write(rows, request, out));
    } catch (QueryException e) {
      QueryException told = request.told(e, translated);
      if (!out.hasSent() || running.deadline().ended().isPresent()) {
        throw told;
      }
      PostgresWriter.failure(told, out);
    } finally {
      running.progress(null);
    }
  }

  private void launch(RunningQuery query, ResultSink sink, boolean keep, Work work) {
    query.sink(sink);
    engine.thread(() -> run(query, sink, keep, work), "query-" + query.key().id()).start();
  }

  private synchronized RunningQuery register(QueryKey key, QueryGate.Kind kind, Duration timeout)
      throws QueryException {
    if (givenUp) {
      throw LOST.get();
    }
    if (closed) {
      throw new QueryException(QueryError.UNAVAILABLE, "the query role is stopping");
    }
    if (running.containsKey(key) || kept.find(key).isPresent()) {
      throw new QueryException(QueryError.QUERY_EXISTS, "there is a query with id " + key.id());
    }
    Access access = key.access();
    List<Access> known =
        running.values().stream()
            .filter(each -> each.kind() == kind)
            .map(each -> each.key().access())
            .filter(each -> each.project().equals(access.project()))
            .toList();
    long ofKey = known.stream().filter(each -> each.key().equals(access.key())).count();
    int most = options.projectConcurrent() + options.waiting();
    if (known.size() >= most || ofKey >= most - most / 4) { // a quarter is for other keys
      throw new QueryException(
          QueryError.TOO_MANY_QUERIES,
          (known.size() >= most ? known.size() : ofKey + " of your")
              + " queries are running or waiting; try again when some have ended");
    }
    RunningQuery query = new RunningQuery(key, kind, new Deadline(ticker, timeout));
    running.put(key, query);
    return query;
  }

  /** How far a query is; empty if it is not known (any more). */
  Optional<QueryState> state(QueryKey key) {
    RunningQuery query = running.get(key);
    return query != null ? Optional.of(query.state()) : kept.find(key);
  }

  /** Ends a query, or forgets its result; answers whether there was one. */
  boolean cancel(QueryKey key) {
    RunningQuery query = running.get(key);
    if (query != null) {
      query.deadline().end(QueryError.QUERY_CANCELLED);
      return true;
    }
    return kept.remove(key);
  }

  /** Whether native code of the engine failed to load; this process will not have it any more. */
  boolean isUnloadable() {
    return unloadable;
  }

  Collection<RunningQuery> running() {
    return running.values();
  }

  /**
   * Answers all queries, since the process ends: those that are to blame for it that they cost too
   * much, the others that they are lost. From now on none is begun.
   */
  void giveUp(Predicate<RunningQuery> toBlame) {
    synchronized (this) {
      givenUp = true;
    }
    for (RunningQuery query : running.values()) {
      query.giveUp(toBlame.test(query) ? tooExpensive() : LOST.get());
    }
  }

  private static QueryException tooExpensive() {
    return new QueryException(
        QueryError.STATEMENT_TOO_EXPENSIVE,
        "the statement took more memory than statements may have, or did not stop when its time was"
            + " over, so its process was ended; let it make less at once: fewer rows, shorter texts"
            + " and lists");
  }

  /** Forgets results that are too old. */
  void expire() {
    kept.expire();
  }

  /**
   * Runs a query to its end. A kept result is there before the query is not running any more; else
   * the query is gone before its client hears the end, so that the client may start the next.
   */
  private void run(RunningQuery query, ResultSink sink, boolean keep, Work work) {
    Optional<QueryException> failure = attempt(query, sink, work);
    query.progress(null);
    record(query, failure.map(QueryException::error));
    if (!keep) {
      running.remove(query.key(), query);
    }
    try {
      if (failure.isPresent()) {
        sink.fail(failure.get());
      } else {
        sink.finish();
      }
    } catch (IOException e) {
      sink.fail(new QueryException(QueryError.UNAVAILABLE, "the result cannot be stored", e));
    } finally {
      running.remove(query.key(), query);
    }
  }

  private Optional<QueryException> attempt(RunningQuery query, ResultSink sink, Work work) {
    QueryException failure;
    try {
      Access access = query.key().access();
      gate.enter(access, query.kind(), query.deadline());
      try {
        ChunkedOutput out = new ChunkedOutput(sink);
        work.write(query, out);
        out.send();
        query.deadline().check();
      } finally {
        gate.leave(access, query.kind());
      }
      return Optional.empty();
    } catch (QueryException e) {
      failure = e;
    } catch (ChunkedOutput.FailedException e) {
      failure = e.failure();
    } catch (IOException e) {
      QueryError why = query.deadline().ended().orElse(QueryError.QUERY_CANCELLED);
      failure = new QueryException(why, "the result cannot be delivered", e);
    } catch (LinkageError e) {
      LOG.error("The engine cannot be loaded", e);
      unloadable = true;
      failure =
          new QueryException(
              QueryError.UNAVAILABLE,
              "the engine cannot be loaded: the log says why; another process is started",
              e);
    } catch (RuntimeException | Error e) {
      failure = new QueryException(QueryError.INTERNAL, "the query failed", e);
    }
    if (failure.error() == QueryError.INTERNAL) {
      LOG.error("Query {} failed", query.key(), failure);
    }
    return Optional.of(failure);
  }

  private void record(RunningQuery query, Optional<QueryError> error) {
    Timer.builder("weir_query_seconds")
        .description("Time from a query's start to the end of its result")
        .tag("outcome", error.map(QueryError::code).orElse("ok"))
        .register(meters)
        .record(query.deadline().elapsed());
  }

  private void write(QueryRequest request, RunningQuery query, ChunkedOutput out)
      throws QueryException, IOException {
    if (request.format() == ResultFormat.PARQUET) {
      writeParquet(request.query(), query, out);
    } else {
      try (QueryRows rows = engine.run(request.query(), query.deadline())) {
        query.progress(rows instanceof QueryRows.Progress progress ? progress : null);
        rowsWritten.increment(
            switch (request.format()) {
              case CSV -> ResultWriter.csv(rows, out);
              case NDJSON -> ResultWriter.ndjson(rows, out);
              default -> ResultWriter.json(rows, request.limit(), query.deadline(), out);
            });
        query.progress(null);
      }
    }
  }

  private void writeParquet(Query query, RunningQuery running, OutputStream out)
      throws QueryException, IOException {
    if (!(engine instanceof ParquetExport export)) {
      throw new QueryException(
          QueryError.INVALID_REQUEST, "this engine does not write parquet; take csv or ndjson");
    }
    Path file = newFile(export.folder(query.project()));
    try {
      running.file(file);
      export.writeParquet(query, running.deadline(), file);
      try (InputStream in = Files.newInputStream(file)) {
        in.transferTo(out);
      }
    } finally {
      running.file(null);
      KeptResults.delete(file);
    }
  }

  private static Path newFile(Path folder) {
    return folder.resolve(UUID.randomUUID().toString());
  }

  /** Ends what runs; does not wait. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    running.values().forEach(query -> query.deadline().end(QueryError.QUERY_CANCELLED));
  }
}
