package weir.decode;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one client protocol. Stateless and safe for use by several threads; the same request always
 * decodes to the same result.
 */
public interface Decoder {
  /**
   * The protocol's name, as {@link RawRequest#protocol()} and the column {@code protocol} bear it.
   */
  String protocol();

  /** The normalized paths that the protocol's requests are sent to, such as {@code /v1/batch}. */
  Set<String> paths();

  /**
   * What the collector must know before it answers. Fast: builds no events.
   *
   * @param body with its content-encoding removed
   */
  Inspection inspect(String path, @Nullable String contentType, byte[] body);

  /**
   * Hands out the request's events, in order: exactly as many as {@link
   * Inspection.Readable#events()} said when it was taken. Beside the body it holds few of them at a
   * time, however many there are. What the taker throws comes back to the caller.
   *
   * @param body the request's with its content-encoding removed
   */
  void decode(RawRequest request, byte[] body, Consumer<Decoded> taker);
}
