package weir.decode;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a client is told once its events are durable. */
public sealed interface Reply {
  /** How many were accepted and which of them will not become events, as JSON, with status 200. */
  Reply STANDARD = new Standard();

  /** {@link #STANDARD}. */
  record Standard() implements Reply {}

  /**
   * Exactly this.
   *
   * @param contentType null where there is no body
   * @param body not copied, not to be changed
   */
  record Exactly(int status, @Nullable String contentType, byte[] body) implements Reply {}

  /** A short text with status 200. */
  static Reply text(String contentType, String text) {
    return new Exactly(200, contentType, text.getBytes(StandardCharsets.UTF_8));
  }
}
