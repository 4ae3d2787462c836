package weir.decode;

import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads one client protocol. Stateless and safe for use by several threads; the same request always
 * decodes to the same result.
 */
public interface Decoder {
  /**
   * The protocol's name, as {@link RawRequest#protocol()} and the column {@code protocol} bear it.
   */
  String protocol();

  /**
   * The normalized paths that the protocol's requests are sent to by POST, such as {@code
   * /v1/batch}.
   */
  Set<String> paths();

  /** Those that take events in the query of a GET. */
  Set<String> getPaths();

  /**
   * The body without what the protocol's clients wrap it into by themselves, unknown to HTTP, such
   * as base64 of gzip; the very same array where they did not. Always the same for the same
   * request.
   *
   * @param body with its content-encoding removed; empty for a GET
   * @param limit the most bytes that may come out
   * @throws ContentEncodingException if it cannot be unwrapped, or more bytes would come out
   */
  default byte[] unwrapped(RequestHead head, byte[] body, int limit)
      throws ContentEncodingException {
    return body;
  }

  /**
   * What the collector must know before it answers. Fast: builds no events.
   *
   * @param body with its content-encoding removed, and unwrapped
   */
  Inspection inspect(RequestHead head, byte[] body);

  /**
   * What {@link #inspect} says, and where the request's events lie and which ids they bear: the
   * very ones that they have when they are decoded. Asked for instead where the raw log has several
   * partitions; costs little more.
   *
   * @param body with its content-encoding removed, and unwrapped. A part of it is so as it stands
   */
  default Outline outline(RequestHead head, byte[] body) {
    return new Outline(inspect(head, body), Optional.empty());
  }

  /** What the protocol's clients take for success. */
  Reply reply(RequestHead head, Inspection.Readable stored);

  /**
   * Hands out the request's events, in order: exactly as many as {@link
   * Inspection.Readable#events()} said when it was taken. Beside the body it holds few of them at a
   * time, however many there are. What the taker throws comes back to the caller.
   *
   * @param body the request's with its content-encoding removed, and unwrapped
   */
  void decode(RawRequest request, byte[] body, Consumer<Decoded> taker);
}
