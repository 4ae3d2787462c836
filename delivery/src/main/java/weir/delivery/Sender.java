package weir.delivery;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Brings a request to a receiver. */
interface Sender {
  /** How it went. */
  sealed interface Answer {
    /** In words. */
    String words();

    /** Whether the receiver has what was sent. */
    default boolean isTaken() {
      return false;
    }
  }

  /**
   * The receiver has answered.
   *
   * @param retryAfter when it wants to be asked again
   */
  record Answered(int status, Optional<Duration> retryAfter) implements Answer {
    @Override
    public boolean isTaken() {
      return status / 100 == 2;
    }

    @Override
    public String words() {
      return status >= 300 && status < 400
          ? status + ": redirects are not followed, name the URL that it leads to"
          : "status " + status;
    }
  }

  /** It has not, or may not be asked. */
  record Unanswered(String words) implements Answer {}

  /** Posts JSON. Blocks, for a bounded time. */
  Answer post(URI url, Map<String, String> headers, byte[] body) throws InterruptedException;
}
