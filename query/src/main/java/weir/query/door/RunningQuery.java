package weir.query.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryKey;
import weir.query.QueryRows;
import weir.query.rendering.ResultSink;

/** A query that a thread is at. */
final class RunningQuery {
  private final QueryKey key;
  private final QueryGate.Kind kind;
  private final Deadline deadline;
  private volatile QueryRows.@Nullable Progress progress;
  private volatile @Nullable Path file;
  private volatile @Nullable ResultSink sink;

  RunningQuery(QueryKey key, QueryGate.Kind kind, Deadline deadline) {
    this.key = key;
    this.kind = kind;
    this.deadline = deadline;
  }

  QueryKey key() {
    return key;
  }

  QueryGate.Kind kind() {
    return kind;
  }

  Deadline deadline() {
    return deadline;
  }

  void progress(QueryRows.@Nullable Progress source) {
    progress = source;
  }

  /** Where its result goes, once it is known. */
  void sink(ResultSink to) {
    sink = to;
  }

  /** Answers while it still runs, since its process will end with it. */
  void giveUp(QueryException failure) {
    ResultSink to = sink;
    if (to != null) {
      to.fail(failure);
    }
  }

  /** The file that the query's result goes to meanwhile; null for none. */
  void file(@Nullable Path growing) {
    file = growing;
  }

  /** Ends the query if its file is larger than this. */
  void boundFile(long maxBytes) {
    Path growing = file;
    try {
      if (growing != null && Files.exists(growing) && Files.size(growing) > maxBytes) {
        deadline.end(QueryError.RESULT_TOO_LARGE);
      }
    } catch (IOException e) {
      // It has just been deleted: the query is at its end.
      file = null;
    }
  }

  QueryState state() {
    QueryRows.Progress source = progress;
    return new QueryState.Running(
        deadline.elapsed(), source == null ? OptionalDouble.empty() : source.fraction());
  }
}
