package weir.log;

import java.io.IOException;

/**
 * The outcome of an append is not certain: a write or an fsync failed. Nothing of the batch may be
 * acknowledged; the caller may append it again (a reader may then meet it twice).
 */
public final class LogFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  public LogFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
