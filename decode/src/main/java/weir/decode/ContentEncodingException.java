package weir.decode;

import java.io.IOException;

/** A body whose content-encoding could not be removed. */
public abstract sealed class ContentEncodingException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String problem;

  private ContentEncodingException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** What is wrong, and how to mend it. */
  public String problem() {
    return problem;
  }

  /** The header names an encoding, or several in a row, that Weir does not take. */
  public static final class Unknown extends ContentEncodingException {
    private static final long serialVersionUID = 1L;

    Unknown(String message) {
      super(message);
    }
  }

  /** The bytes are not what the header says. */
  public static final class Broken extends ContentEncodingException {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  /** Decoded, the body would pass the limit. */
  public static final class TooLarge extends ContentEncodingException {
    private static final long serialVersionUID = 1L;

    TooLarge(String message) {
      super(message);
    }
  }
}
