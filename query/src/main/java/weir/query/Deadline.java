package weir.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of a query: by its time, or because somebody ends it before. Safe for use by several
 * threads.
 */
public final class Deadline {
  private final LongSupplier ticker;
  private final Duration timeout;
  private final long started;
  private final List<Runnable> interrupts = new ArrayList<>();
  private @Nullable QueryError reason;
  private long endedAt;

  /**
   * Starts now.
   *
   * @param ticker nanoseconds from an arbitrary origin
   */
  public Deadline(LongSupplier ticker, Duration timeout) {
    this.ticker = ticker;
    this.timeout = timeout;
    this.started = ticker.getAsLong();
  }

  /** Time since the start. */
  public Duration elapsed() {
    return Duration.ofNanos(ticker.getAsLong() - started);
  }

  /**
   * Ends the query, unless it ended already, and interrupts what runs. To be repeated while it
   * still runs, as an interrupt may come too early for the step that follows.
   *
   * @param why {@code QUERY_TIMEOUT}, {@code QUERY_CANCELLED}, {@code OUT_OF_MEMORY} or {@code
   *     RESULT_TOO_LARGE}
   */
  public void end(QueryError why) {
    List<Runnable> toRun;
    synchronized (this) {
      if (reason == null) {
        reason = why;
        endedAt = ticker.getAsLong();
      }
      toRun = List.copyOf(interrupts);
    }
    toRun.forEach(Runnable::run);
  }

  /** Ends the query if its time is over or it was ended before; answers whether it has ended. */
  public boolean enforce() {
    boolean over = elapsed().compareTo(timeout) >= 0;
    Optional<QueryError> ended = ended();
    if (over || ended.isPresent()) {
      end(ended.orElse(QueryError.QUERY_TIMEOUT));
      return true;
    }
    return false;
  }

  public synchronized Optional<QueryError> ended() {
    return Optional.ofNullable(reason);
  }

  /** Time since it ended; zero if it has not. */
  public synchronized Duration overrun() {
    return reason == null ? Duration.ZERO : Duration.ofNanos(ticker.getAsLong() - endedAt);
  }

  /**
   * Has something interrupted when the query ends, at once if it has ended.
   *
   * @param interrupt quick, runs on any thread, perhaps often, and does not throw
   */
  public void onEnd(Runnable interrupt) {
    boolean ended;
    synchronized (this) {
      interrupts.add(interrupt);
      ended = reason != null;
    }
    if (ended) {
      interrupt.run();
    }
  }

  /** Takes back an interrupt; it may still be running on another thread. */
  public synchronized void forget(Runnable interrupt) {
    interrupts.remove(interrupt);
  }

  /**
   * Fails if the query has ended.
   *
   * @throws QueryException with the reason
   */
  public void check() throws QueryException {
    Optional<QueryError> why = ended();
    if (why.isPresent()) {
      throw failure(why.get());
    }
  }

  /** What a query that ended for this reason fails with. */
  public QueryException failure(QueryError why) {
    return new QueryException(
        why,
        switch (why) {
          case QUERY_TIMEOUT ->
              "the query ran longer than its timeout of " + timeout.toMillis() + " ms";
          case OUT_OF_MEMORY -> "the query needs more memory than queries may have";
          case RESULT_TOO_LARGE -> "the result is larger than results may be";
          default -> "the query was cancelled";
        });
  }
}
