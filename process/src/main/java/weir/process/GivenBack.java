package weir.process;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Ids that are to be forgotten, on their way to the thread that decides. */
final class GivenBack {
  private final Queue<Request> waiting = new ArrayDeque<>();
  private volatile boolean any;
  private @Nullable Throwable over;

  /** Ids of events received from one instant to another one, in microseconds since 1970. */
  record Request(FingerprintSet ids, long from, long to, CompletableFuture<Void> done) {}

  /** Whether there is one; costs next to nothing. */
  boolean isAny() {
    return any;
  }

  synchronized CompletableFuture<Void> add(FingerprintSet ids, long from, long to) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (over != null) {
      done.completeExceptionally(over);
    } else {
      waiting.add(new Request(ids, from, to, done));
      any = true;
    }
    return done;
  }

  /** The next one; call it as long as {@link #isAny}. */
  synchronized Request take() {
    Request next = Objects.requireNonNull(waiting.poll(), "there is none");
    any = !waiting.isEmpty();
    return next;
  }

  /** Nothing is forgotten from now on. */
  synchronized void close(Throwable why) {
    over = why;
    waiting.forEach(request -> request.done().completeExceptionally(why));
    waiting.clear();
    any = false;
  }
}
