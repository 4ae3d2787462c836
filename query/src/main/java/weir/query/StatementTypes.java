package weir.query;

import java.util.List;

/**
 * What is known of a statement before it runs.
 *
 * @param columns of its result; a type is {@link #UNKNOWN} where it follows from a parameter
 * @param parameters types of its parameters as the engine's dialect writes them
 */
public record StatementTypes(List<QueryColumn> columns, List<String> parameters) {
  /** The type of what is not known. */
  public static final String UNKNOWN = "UNKNOWN";

  public StatementTypes {
    columns = List.copyOf(columns);
    parameters = List.copyOf(parameters);
  }

  /** Whether its columns can be told only where its parameters have values. */
  public boolean needsValues() {
    return columns.size() == 1 && columns.getFirst().type().equals(UNKNOWN);
  }

  /** An engine that can tell. */
  public interface Source {
    /**
     * Checks a statement as {@link QueryEngine#run} does, on such a thread, but does not run it.
     * Where the query has values for its parameters, its columns are those that it has with these.
     *
     * @throws QueryException as {@link QueryEngine#run}
     */
    StatementTypes describe(Query query, Deadline deadline) throws QueryException;
  }
}
