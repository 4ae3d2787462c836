package weir.log;

import java.io.IOException;
import java.nio.file.Path;

/** Another writer, in this process or another, holds the log. */
public final class LogLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  public LogLockedException(Path directory) {
    super("the log in " + directory + " has a writer already (writer.lock is held)");
  }
}
