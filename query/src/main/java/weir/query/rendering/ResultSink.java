package weir.query.rendering;

import java.io.IOException;
import weir.query.QueryException;

/**
 * Where a result goes, in chunks; each call returns when the next chunk is welcome. Used by one
 * thread, but for {@link #abort}.
 */
public interface ResultSink {
  /** Takes a chunk, which it may keep; the first one settles that there is a result. */
  void chunk(byte[] bytes) throws IOException, QueryException;

  /** The result is whole. */
  void finish() throws IOException;

  /** There is no result, or what came of it is to be thrown away. */
  void fail(QueryException failure);

  /** Ends a wait in {@link #chunk}, which then fails. Any thread; does not fail. */
  void abort();
}
