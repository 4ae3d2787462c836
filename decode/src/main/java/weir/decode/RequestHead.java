package weir.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a request's body, as far as decoders ask for it at the door.
 *
 * @param path normalized, such as {@code /v1/batch}
 * @param query without its question mark, as it was sent; empty if there is none
 * @param headers those that the decoder reads as a {@link HeaderReading}, by lower-case name
 */
public record RequestHead(
    String path, String query, @Nullable String contentType, List<Header> headers) {
  public RequestHead {
    headers = List.copyOf(headers);
  }

  /** One for a decoder that reads no headers of its own. */
  public RequestHead(String path, String query, @Nullable String contentType) {
    this(path, query, contentType, List.of());
  }

  /** The head of a request that is stored. */
  public static RequestHead of(RawRequest request) {
    return new RequestHead(
        request.path(), request.query(), request.header("content-type"), request.headers());
  }

  /** The value of the first header of this (lower case) name. */
  @Nullable String header(String name) {
    for (Header header : headers) {
      if (header.name().equals(name)) {
        return header.value();
      }
    }
    return null;
  }
}
