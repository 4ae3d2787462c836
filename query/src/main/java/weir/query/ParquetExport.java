package weir.query;

import java.io.IOException;
import java.nio.file.Path;

/** An engine that writes results to Parquet files by itself. */
public interface ParquetExport {
  /**
   * Runs a query and writes its rows to a new Parquet file, as {@link QueryEngine#run} would give
   * them.
   *
   * @param file in the {@link #folder} of the query's project; removed by the caller, also after a
   *     failure
   * @throws QueryException as {@link QueryEngine#run}
   */
  QueryStats writeParquet(Query query, Deadline deadline, Path file) throws QueryException;

  /**
   * The folder for a project's files, which no other project's queries can read; made if it is not
   * there.
   *
   * @throws IOException if it cannot be made
   */
  Path folder(String project) throws IOException;
}
