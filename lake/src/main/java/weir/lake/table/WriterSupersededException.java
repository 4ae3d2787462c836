package weir.lake.table;

import java.io.IOException;

/**
 * Another writer has committed to a table since this one began: this one must stop, and what it
 * holds is the other's to write.
 */
public final class WriterSupersededException extends IOException {
  private static final long serialVersionUID = 1L;

  public WriterSupersededException(String message) {
    super(message);
  }
}
