package weir.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is to be done between two decisions, on its way to the thread that decides. */
final class Asides {
  private final Queue<Aside<?>> waiting = new ArrayDeque<>();
  private volatile boolean any;
  private @Nullable Throwable over;

  /** Something that changes what decisions depend on. */
  interface Work<T> {
    /**
     * Does it.
     *
     * @param durable all that was decided before
     * @throws IOException for which the processor ends, unless it may be right again later
     */
    T run(CleanAppender.Progress durable) throws IOException;
  }

  /** Work and who waits for it. */
  record Aside<T>(Work<T> work, CompletableFuture<T> done) {
    void run(CleanAppender.Progress durable) throws IOException {
      done.complete(work.run(durable));
    }

    /** Tells who waits for it, unless it was done or has failed before. */
    void fail(Exception why) {
      done.completeExceptionally(why);
    }
  }

  /** Whether there is one; costs next to nothing. */
  boolean isAny() {
    return any;
  }

  synchronized <T> CompletableFuture<T> add(Work<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    if (over != null) {
      done.completeExceptionally(over);
    } else {
      waiting.add(new Aside<>(work, done));
      any = true;
    }
    return done;
  }

  /** The next one; call it as long as {@link #isAny}. */
  synchronized Aside<?> take() {
    Aside<?> next = Objects.requireNonNull(waiting.poll(), "there is none");
    any = !waiting.isEmpty();
    return next;
  }

  /** Nothing is done from now on. */
  synchronized void close(Throwable why) {
    over = why;
    waiting.forEach(aside -> aside.done().completeExceptionally(why));
    waiting.clear();
    any = false;
  }
}
