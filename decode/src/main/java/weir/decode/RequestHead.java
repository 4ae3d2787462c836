package weir.decode;

import org.jspecify.annotations.Nullable;

/**
 * What stands before a request's body, as far as decoders ask for it at the door.
 *
 * @param path normalized, such as {@code /v1/batch}
 * @param query without its question mark, as it was sent; empty if there is none
 */
public record RequestHead(String path, String query, @Nullable String contentType) {
  /** The head of a request that is stored. */
  public static RequestHead of(RawRequest request) {
    return new RequestHead(request.path(), request.query(), request.header("content-type"));
  }
}
