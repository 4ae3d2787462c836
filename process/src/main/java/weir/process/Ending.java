package weir.process;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the threads of one processor learn that it is to end, and why it did. */
final class Ending {
  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean asked;

  /** Thrown in a thread that waits for something that will not come any more. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("the processor is ending");
    }
  }

  void ask() {
    asked = true;
  }

  void fail(Throwable cause) {
    if (ended.completeExceptionally(cause)) {
      LOG.error("the processor ends", cause);
    }
  }

  void complete() {
    ended.complete(null);
  }

  /** Whether no new work is to be begun. */
  boolean isAsked() {
    return asked || ended.isDone();
  }

  /**
   * @throws Stopped if the processor has failed
   */
  void check() {
    if (ended.isDone()) {
      throw new Stopped();
    }
  }

  /**
   * @throws Stopped if no new work is to be begun
   */
  void checkAsked() {
    if (isAsked()) {
      throw new Stopped();
    }
  }

  Optional<Throwable> why() {
    return ended.isCompletedExceptionally() ? Optional.of(ended.exceptionNow()) : Optional.empty();
  }

  CompletableFuture<Void> ended() {
    return ended;
  }
}
