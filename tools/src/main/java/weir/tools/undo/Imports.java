package weir.tools.undo;

import java.io.IOException;
import java.time.Duration;
import weir.tools.importing.ImportId;

/** The imports of projects, as the API gives them. All may block. */
public interface Imports {
  /**
   * How an import's taking out stands, if there is one; else how many rows it has, as the body of
   * {@code GET /api/v1/imports/ID}.
   *
   * @param wait how long to wait until what the collector has taken is decided
   */
  String describe(String project, ImportId id, Duration wait)
      throws IOException, InterruptedException;

  /** Begins to take an import out, and answers as {@link #describe} does. */
  String undo(String project, ImportId id) throws IOException;
}
