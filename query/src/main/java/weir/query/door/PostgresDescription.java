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

  /** What the engine says where parameters have some types, object ids. */
  private record Guess(List<Integer> open, StatementTypes types) {}

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
    Guess guess = new Guess(request.types(), describe());
    List<String> found = PostgresRequest.isOpen(guess.types()) ? inferred() : List.of();
    while (PostgresRequest.isOpen(guess.types())) {
      List<Integer> closed = request.closed(guess.open(), guess.types().parameters(), found);
      if (closed.equals(guess.open())) {
        break; // a function does not use it, or it needs a value
      }
      guess = guessed(guess.open(), closed);
    }
    return guess.types().needsValues() ? valued(guess) : guess.types();
  }

  private StatementTypes describe() throws QueryException {
    return source.describe(request.query(translated), deadline);
  }

  private Guess guess(List<Integer> open) throws QueryException {
    translated = PostgresSql.translate(request.sql(), open);
    return new Guess(open, describe());
  }

  /** With the columns that the statement has where its parameters have values of their types. */
  private StatementTypes valued(Guess guess) throws QueryException {
    List<String> parameters = PostgresRequest.known(guess.types().parameters(), guess.open());
    StatementTypes told =
        source.describe(request.query(translated, PostgresRequest.samples(parameters)), deadline);
    return new StatementTypes(told.columns(), parameters);
  }

  /** Another type than text for the parameter that was guessed last, where no text can be there. */
  private Guess guessed(List<Integer> before, List<Integer> closed) throws QueryException {
    for (List<Integer> open : PostgresRequest.guesses(before, closed)) {
      try {
        Guess guess = guess(open);
        if (guess.types().needsValues()) {
          valued(guess);
        }
        return guess;
      } catch (QueryException e) {
        deadline.check();
      }
    }
    return guess(closed);
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
          found.add(StatementTypes.UNKNOWN);
        }
        found.set(parameter - 1, columns.get(column++).type());
      }
    } catch (QueryException e) {
      deadline.check(); // there is no such type
    }
    return found;
  }
}
