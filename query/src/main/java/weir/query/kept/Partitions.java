package weir.query.kept;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Does something with each partition, on several threads where that is worth it. */
final class Partitions {
  private static final int ROWS_PER_THREAD = 100_000;
  private static final int MOST_THREADS = Math.min(8, Runtime.getRuntime().availableProcessors());

  private Partitions() {}

  /**
   * Does it and waits for the end.
   *
   * @param rows how many rows there are
   * @param workers gives each thread what it does with the partitions that it takes
   */
  static void each(long rows, Supplier<? extends IntConsumer> workers) {
    int threads = (int) Math.max(1, Math.min(MOST_THREADS, rows / ROWS_PER_THREAD));
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      IntConsumer worker = workers.get();
      others.add(
          CompletableFuture.runAsync(
              () -> run(next, worker),
              task -> Thread.ofPlatform().daemon().name("kept-rows").start(task)));
    }
    try {
      run(next, workers.get());
    } finally {
      next.addAndGet(Rows.PARTITIONS);
      others.forEach(Partitions::join);
    }
  }

  private static void run(AtomicInteger next, IntConsumer worker) {
    for (int i = next.getAndIncrement(); i < Rows.PARTITIONS; i = next.getAndIncrement()) {
      worker.accept(i);
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
