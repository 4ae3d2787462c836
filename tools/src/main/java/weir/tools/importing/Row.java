package weir.tools.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a file has at one place: values by column, or something that is no row. */
sealed interface Row {
  /** The line that it begins at, from 1; in a Parquet file the number of the row. */
  long line();

  /**
   * @param source the text that it was, where that is not its columns
   */
  record Values(long line, ObjectNode columns, @Nullable String source) implements Row {
    Values(long line, ObjectNode columns) {
      this(line, columns, null);
    }
  }

  /**
   * @param text the row as it can be written again; null if nobody knows where it ends
   */
  record Unreadable(long line, String reason, @Nullable String text) implements Row {}
}
