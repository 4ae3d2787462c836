package weir.decode;

import org.jspecify.annotations.Nullable;

/** Bytes of the raw log that are not a request of a known schema. */
public final class RawFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RawFormatException(String message) {
    super(message);
  }

  public RawFormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
