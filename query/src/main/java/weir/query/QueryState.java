package weir.query;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;

/** How far a query is. */
sealed interface QueryState {
  record Running(Duration elapsed, OptionalDouble progress) implements QueryState {}

  /** Its result waits in a file. */
  record Done(Path file, ResultFormat format) implements QueryState {}

  record Failed(QueryException failure) implements QueryState {}
}
