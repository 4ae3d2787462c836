package weir.lake.table;

import java.io.IOException;
import java.util.List;
import org.apache.iceberg.DataFile;
import weir.event.CleanRecord;

/** Gathers rows of one table and writes them to data files. Used by one thread. */
public interface RowWriter {
  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if the table has no rows of this kind
   */
  void add(CleanRecord row);

  /** How many rows were added. */
  int rows();

  /** Memory that the rows take, approximately, in bytes. */
  long bytes();

  /**
   * Writes all rows to new files and makes these durable. The rows stay: after a failure this may
   * be called again and writes other files; those of the failed call are removed where possible.
   *
   * @return the files, none if there are no rows
   */
  List<DataFile> write() throws IOException;
}
