package weir.query.kept;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import weir.query.Deadline;
import weir.query.QueryException;

/** Does something with each partition, on several threads where that is worth it. */
final class Partitions {
  private static final int ROWS_PER_THREAD = 100_000;
  private static final int MOST_THREADS = Math.min(8, Runtime.getRuntime().availableProcessors());

  private Partitions() {}

  /** The query that this thread works for, which ends the work between partitions. */
  static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

  /** Says that the query has ended. */
  static final class EndedException extends RuntimeException {
    private final transient QueryException reason;

    EndedException(QueryException reason) {
      super(reason);
      this.reason = reason;
    }

    QueryException reason() {
      return reason;
    }
  }

  /**
   * Does it and waits for the end.
   *
   * @throws EndedException if the query of {@link #DEADLINE} ends before
   * @param rows how many rows there are
   * @param workers gives each thread what it does with the partitions that it takes
   */
  static void each(long rows, Supplier<? extends IntConsumer> workers) {
    each(Rows.PARTITIONS, rows, workers);
  }

  /**
   * Does something with each number below another, and waits for the end.
   *
   * @throws EndedException if the query of {@link #DEADLINE} ends before
   * @param rows how many rows there are
   * @param workers gives each thread what it does with the numbers that it takes
   */
  static void each(int count, long rows, Supplier<? extends IntConsumer> workers) {
    int threads = (int) Math.max(1, Math.min(MOST_THREADS, rows / ROWS_PER_THREAD));
    AtomicInteger next = new AtomicInteger();
    Optional<Deadline> deadline =
        DEADLINE.isBound() ? Optional.of(DEADLINE.get()) : Optional.empty();
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      IntConsumer worker = workers.get();
      others.add(
          CompletableFuture.runAsync(
              () -> run(next, count, worker, deadline),
              task -> Thread.ofPlatform().daemon().name("kept-rows").start(task)));
    }
    try {
      run(next, count, workers.get(), deadline);
    } finally {
      next.addAndGet(count);
      others.forEach(Partitions::join);
    }
  }

  private static void run(
      AtomicInteger next, int count, IntConsumer worker, Optional<Deadline> deadline) {
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      deadline.ifPresent(Partitions::check);
      worker.accept(i);
    }
  }

  private static void check(Deadline deadline) {
    try {
      deadline.check();
    } catch (QueryException e) {
      throw new EndedException(e);
    }
  }

  private static void join(CompletableFuture<Void> other) {
    try {
      other.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }
}
