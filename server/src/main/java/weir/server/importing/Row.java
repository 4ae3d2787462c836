package weir.server.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a file has at one place: values by column, or something that is no row. */
sealed interface Row {
  /** The line that it begins at, from 1; in a Parquet file the number of the row. */
  long line();

  record Values(long line, ObjectNode columns) implements Row {}

  record Unreadable(long line, String reason) implements Row {}
}
