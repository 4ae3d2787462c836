package weir.query.door;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import weir.query.Deadline;
import weir.query.QueryColumn;
import weir.query.QueryException;
import weir.query.StatementTypes;
import weir.query.postgres.PostgresRequest;
import weir.query.postgres.PostgresSql;

/**
 * Finds what a statement of PostgreSQL's has for parameters and columns before any values are
 * known. The engine tells neither where it needs a value to bind the statement; so open types are
 * guessed, and then values of these types are given.
 */
final class PostgresDescription {
  private final PostgresRequest request;
  private final StatementTypes.Source source;
  private final Deadline deadline;
  private PostgresSql translated;

  private PostgresDescription(
      PostgresRequest request, StatementTypes.Source source, Deadline deadline) {
    this.request = request;
    this.source = source;
    this.deadline = deadline;
    this.translated = request.translated();
  }

  /** Describes a statement; a failure's place is one of the client's text. */
  static StatementTypes of(PostgresRequest request, StatementTypes.Source source, Deadline deadline)
      throws QueryException {
    PostgresDescription description = new PostgresDescription(request, source, deadline);
    try {
      return description.find();
    } catch (QueryException e) {
      throw request.told(e, description.translated);
    }
  }

  private StatementTypes find() throws QueryException {
    List<Integer> open = request.types();
    StatementTypes types = describe(open);
    List<String> found = PostgresRequest.isOpen(types) ? inferred() : List.of();
    while (PostgresRequest.isOpen(types)) {
      List<Integer> before = open;
      open = request.closed(open, types.parameters(), found);
      if (open.equals(before)) {
        break; // a function does not use it, or it needs a value
      }
      open = guessed(before, open);
      types = describe(open);
    }
    return types.needsValues() ? valued(types, open) : types;
  }

  private StatementTypes describe(List<Integer> parameters) throws QueryException {
    translated = PostgresSql.translate(request.sql(), parameters);
    return source.describe(request.query(translated), deadline);
  }

  /** With the columns that the statement has where its parameters have values of their types. */
  private StatementTypes valued(StatementTypes types, List<Integer> open) throws QueryException {
    List<String> parameters = PostgresRequest.known(types.parameters(), open);
    StatementTypes told =
        source.describe(request.query(translated, PostgresRequest.samples(parameters)), deadline);
    return new StatementTypes(told.columns(), parameters);
  }

  /** Another type than text for the parameter that was guessed last, where no text can be there. */
  private List<Integer> guessed(List<Integer> before, List<Integer> open) throws QueryException {
    for (List<Integer> guess : PostgresRequest.guesses(before, open)) {
      try {
        StatementTypes types = describe(guess);
        if (types.needsValues()) {
          valued(types, guess);
        }
        return guess;
      } catch (QueryException e) {
        deadline.check();
      }
    }
    return open;
  }

  /** What the engine says of parameters in a statement told otherwise, and what casts say. */
  private List<String> inferred() throws QueryException {
    List<String> found = new ArrayList<>();
    try {
      found.addAll(source.describe(request.query(request.inferring()), deadline).parameters());
    } catch (QueryException e) {
      deadline.check(); // it made no sense
    }
    Map<Integer, String> casts = PostgresSql.casts(request.sql());
    if (casts.isEmpty()) {
      return found;
    }
    try {
      PostgresSql nulls = PostgresSql.translate(PostgresSql.nulls(casts.values()), List.of());
      List<QueryColumn> columns = source.describe(request.query(nulls), deadline).columns();
      int column = 0;
      for (int parameter : casts.keySet()) {
        while (found.size() < parameter) {
          found.add(PostgresRequest.OPEN);
        }
        found.set(parameter - 1, columns.get(column++).type());
      }
    } catch (QueryException e) {
      deadline.check(); // there is no such type
    }
    return found;
  }
}
