package weir.query;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A query that a thread is at. */
final class RunningQuery {
  private final QueryKey key;
  private final Deadline deadline;
  private volatile QueryRows.@Nullable Progress progress;

  RunningQuery(QueryKey key, Deadline deadline) {
    this.key = key;
    this.deadline = deadline;
  }

  QueryKey key() {
    return key;
  }

  Deadline deadline() {
    return deadline;
  }

  void progress(QueryRows.@Nullable Progress source) {
    progress = source;
  }

  QueryState state() {
    QueryRows.Progress source = progress;
    return new QueryState.Running(
        deadline.elapsed(), source == null ? OptionalDouble.empty() : source.fraction());
  }
}
