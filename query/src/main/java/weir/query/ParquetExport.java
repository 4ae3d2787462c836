package weir.query;

import java.nio.file.Path;

/** An engine that writes results to Parquet files by itself. */
public interface ParquetExport {
  /**
   * Runs a query and writes its rows to a new Parquet file, as {@link QueryEngine#run} would give
   * them.
   *
   * @param file in the folder that the engine may write to; removed by the caller, also after a
   *     failure
   * @throws QueryException as {@link QueryEngine#run}
   */
  QueryStats writeParquet(Query query, Deadline deadline, Path file) throws QueryException;
}
