package weir.server.schemas;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.event.ProjectProperties;
import weir.metadata.RefusedException;

/** The columns of projects' properties, as the API gives them. All may block. */
public interface Schemas {
  /**
   * A column that a property has, or had.
   *
   * @param property as clients send it
   * @param type {@code boolean}, {@code double} or {@code string}
   * @param source of the write key that brought it
   */
  record Column(
      String property,
      String column,
      String type,
      String source,
      java.time.Instant since,
      State state) {}

  /** How it stands with a column. */
  enum State {
    /** Values go there. */
    USED,
    /** It is dropped, and the lake's table may have it still. */
    LEAVING,
    /** It is dropped. */
    DROPPED
  }

  /** All columns of a project, in the order in which they were first seen. */
  List<Column> list(String project);

  /** What is known of a project's properties. */
  ProjectProperties properties(String project);

  /**
   * Drops columns for good. What is sent from now on has the values in JSON, where questions and
   * filters see them; the values that the columns have are gone, but for snapshots that were taken
   * before.
   *
   * @param properties whose columns they are
   * @param source and those that write keys of this source have brought
   * @return the columns, {@code DROPPED} or, where that takes longer, {@code LEAVING}
   * @throws RefusedException if a property has none, or an API key is limited by one
   */
  List<Column> drop(String project, Set<String> properties, Optional<String> source)
      throws IOException, InterruptedException, RefusedException;
}
