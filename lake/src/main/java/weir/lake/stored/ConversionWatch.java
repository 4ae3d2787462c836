package weir.lake.stored;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.stored.UnreadableInputException.Reason;

/**
 * Looks after one conversion from a thread of its own: ends what DuckDB does for it once it is
 * cancelled, takes too long or writes too much.
 */
final class ConversionWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConversionWatch.class);
  private static final long LOOK_EVERY_MILLIS = 50;

  private final TableConversion.Limits limits;
  private final Path output;
  private final BooleanSupplier cancelled;
  private final LongSupplier ticker;
  private final long start;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Statement running;

  /**
   * @param ticker nanoseconds
   */
  ConversionWatch(
      TableConversion.Limits limits, Path output, BooleanSupplier cancelled, LongSupplier ticker) {
    this.limits = limits;
    this.output = output;
    this.cancelled = cancelled;
    this.ticker = ticker;
    this.start = ticker.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("table-watch").start(this::look);
  }

  private void look() {
    try {
      while (!over.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        Statement statement = running;
        if (statement != null && verdict().isPresent()) {
          statement.cancel(); // again and again: it may not have begun yet
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      LOG.warn("a conversion cannot be ended", e);
    }
  }

  /** What is to be ended when it is time. */
  void running(@Nullable Statement statement) {
    running = statement;
  }

  /**
   * Ends what is not worth going on with.
   *
   * @throws UnreadableInputException saying why
   */
  void check() throws UnreadableInputException {
    Optional<UnreadableInputException> verdict = verdict();
    if (verdict.isPresent()) {
      throw verdict.get();
    }
  }

  /** Why the conversion has to end; empty as long as it may go on. */
  Optional<UnreadableInputException> verdict() {
    if (cancelled.getAsBoolean()) {
      return Optional.of(
          new UnreadableInputException(Reason.CANCELLED, "its sender has gone before its end"));
    }
    if (ticker.getAsLong() - start > limits.time().toNanos()) {
      return Optional.of(tooSlow(limits.time()));
    }
    if (output.toFile().length() > limits.bytes()) {
      return Optional.of(
          new UnreadableInputException(
              Reason.TOO_LARGE, "as a table it has more than " + limits.bytes() + " bytes"));
    }
    return Optional.empty();
  }

  static UnreadableInputException tooSlow(Duration limit) {
    return new UnreadableInputException(
        Reason.TOO_SLOW, "to read it takes longer than " + limit.toSeconds() + " s");
  }

  UnreadableInputException tooManyRows() {
    return new UnreadableInputException(
        Reason.TOO_MANY_ROWS, "it has more than " + limits.rows() + " rows");
  }

  long rowLimit() {
    return limits.rows();
  }

  @Override
  public void close() {
    over.countDown();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
