package weir.server.importing;

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
