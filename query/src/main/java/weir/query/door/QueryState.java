package weir.query.door;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import weir.query.QueryException;
import weir.query.rendering.ResultFormat;

/** How far a query is. */
sealed interface QueryState {
  record Running(Duration elapsed, OptionalDouble progress) implements QueryState {}

  /** Its result waits in a file. */
  record Done(Path file, ResultFormat format) implements QueryState {}

  record Failed(QueryException failure) implements QueryState {}
}
