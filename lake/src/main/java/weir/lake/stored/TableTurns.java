package weir.lake.stored;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.iceberg.catalog.TableIdentifier;

/** Lets one thread at a time change a table; those of other tables do not wait for it. */
final class TableTurns {
  private static final long ASK_EVERY_MILLIS = 50;

  private final Map<TableIdentifier, Turn> turns = new HashMap<>();

  private static final class Turn {
    private final ReentrantLock lock = new ReentrantLock(true);
    private int users;
  }

  /** Held until it is closed, by the same thread. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for a turn.
   *
   * @param patience how long
   * @throws UnreadableInputException if it was cancelled meanwhile, or took too long
   */
  Held take(TableIdentifier table, Duration patience, BooleanSupplier cancelled)
      throws UnreadableInputException {
    Turn turn = join(table);
    try {
      for (long left = patience.toMillis() / ASK_EVERY_MILLIS; ; left--) {
        if (turn.lock.tryLock(ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          return () -> {
            turn.lock.unlock();
            leave(table, turn);
          };
        }
        if (cancelled.getAsBoolean() || left <= 0) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leave(table, turn);
    throw new UnreadableInputException(
        cancelled.getAsBoolean()
            ? UnreadableInputException.Reason.CANCELLED
            : UnreadableInputException.Reason.TOO_SLOW,
        "another file has been made to this table all the time");
  }

  private synchronized Turn join(TableIdentifier table) {
    Turn turn = turns.computeIfAbsent(table, ignored -> new Turn());
    turn.users++;
    return turn;
  }

  private synchronized void leave(TableIdentifier table, Turn turn) {
    turn.users--;
    if (turn.users == 0) {
      turns.remove(table);
    }
  }
}
