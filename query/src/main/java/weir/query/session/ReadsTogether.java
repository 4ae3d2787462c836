package weir.query.session;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.RowChunk;

/**
 * Runs statements side by side and hands over their rows in chunks of columns: the first on the
 * session's own connection and thread, the others each on a connection and thread of their own. The
 * engine gives the rows of one statement by one thread only, however many it has.
 */
public final class ReadsTogether {
  private final DuckSession session;
  private final Executor threads;

  public ReadsTogether(DuckSession session, Executor threads) {
    this.session = session;
    this.threads = threads;
  }

  /** A statement, and what takes its rows. */
  public record Read(String statement, EventView.ChunkHandler rows) {}

  /** Runs all, at least one, and waits for their ends. */
  public void run(List<Read> reads) throws QueryException {
    List<CompletableFuture<Void>> others = new ArrayList<>();
    try {
      for (Read read : reads.subList(1, reads.size())) {
        others.add(CompletableFuture.runAsync(() -> runApart(read), threads));
      }
      run(session, reads.getFirst());
    } finally {
      others.forEach(other -> other.exceptionally(failure -> null).join());
    }
    for (CompletableFuture<Void> other : others) {
      try {
        other.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof FailedRead failed) {
          throw failed.reason;
        }
        throw e.getCause() instanceof RuntimeException failure ? failure : e;
      }
    }
  }

  /** Carries what a read failed with through what knows unchecked exceptions only. */
  private static final class FailedRead extends RuntimeException {
    private final transient QueryException reason;

    FailedRead(QueryException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  private void runApart(Read read) {
    try (DuckSession apart =
        new DuckSession((DuckDBConnection) session.connection().duplicate(), session.deadline())) {
      run(apart, read);
    } catch (QueryException e) {
      throw new FailedRead(e);
    } catch (SQLException e) {
      throw new FailedRead(DuckErrors.translate(e, session.deadline(), Optional.empty()));
    }
  }

  /** A failure is not one of the instance's: expressions come from users. */
  private static void run(DuckSession on, Read read) throws QueryException {
    try (DuckDBPreparedStatement prepared = (DuckDBPreparedStatement) on.prepare(read.statement());
        DuckDBChunkedResult result = prepared.query()) {
      while (result.nextChunk()) {
        on.deadline().check();
        read.rows().chunk(new RowChunk(result.chunk()));
      }
      ChunkedErrors.check(result);
    } catch (SQLException e) {
      throw DuckErrors.translate(e, on.deadline(), Optional.empty());
    }
  }
}
