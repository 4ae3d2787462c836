package weir.tools.importing;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file's rows, one after the other, in memory that does not grow with the file. */
interface RowSource extends AutoCloseable {
  /**
   * The next row; null after the last one.
   *
   * @throws IOException saying where, if what follows cannot be read at all
   */
  @Nullable Row next() throws IOException;

  /** What kind of file it is, in words. */
  String describe();

  /** Whether values are text that may mean a number, as in CSV. */
  default boolean isText() {
    return false;
  }

  /** What a file of the same kind begins with, before its rows; empty if nothing. */
  default String heading() {
    return "";
  }

  /** A row that came from here, as a line of a file of the same kind. */
  default String text(Row.Values row) {
    return row.columns().toString();
  }

  /** How the name of a file of the same kind ends. */
  default String suffix() {
    return ".ndjson";
  }

  /** How far it has come, in the unit of {@link #size}. */
  long done();

  /** The whole; bytes of the file, or rows of a Parquet file. */
  long size();

  /** Whether {@link #size} counts bytes. */
  default boolean countsBytes() {
    return true;
  }

  @Override
  void close() throws IOException;
}
