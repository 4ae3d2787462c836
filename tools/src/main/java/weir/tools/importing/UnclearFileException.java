package weir.tools.importing;

import java.io.IOException;

/** The file can be read, but not without being told more; the message says what. */
public final class UnclearFileException extends IOException {
  private static final long serialVersionUID = 1L;

  UnclearFileException(String message) {
    super(message);
  }
}
