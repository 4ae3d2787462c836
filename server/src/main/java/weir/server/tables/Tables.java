package weir.server.tables;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import weir.lake.stored.StoredInput;
import weir.metadata.Asker;

/** The tables that users store, as the API gives them. All may block. */
public interface Tables {
  /**
   * A file that a user sent.
   *
   * @param file as it came
   * @param gzip whether it is to be decompressed first
   * @param types of columns of a CSV file that are not to be guessed
   */
  record Upload(Path file, StoredInput.Format format, boolean gzip, Map<String, String> types) {}

  /**
   * What was stored.
   *
   * @param isNew whether there was no such table before
   * @param json as {@link #describe} answers it
   */
  record Stored(boolean isNew, String json) {}

  /** The largest file that becomes a table, in bytes, before and after its decompression. */
  long uploadLimit();

  /**
   * Whether a table may have a name, and there is room on the disk.
   *
   * @param bytes of the upload, as far as they are known
   */
  void check(String name, long bytes) throws IOException, TableException;

  /** A file that does not exist yet, for an upload. */
  Path newFile() throws IOException;

  /**
   * Makes a table of a file, or replaces one by it. The file is gone afterwards.
   *
   * @param cancellation once it is cancelled, nothing is stored
   */
  Stored put(String project, String name, Upload upload, Cancellation cancellation)
      throws IOException, TableException;

  /**
   * Makes a table of a query's result, or replaces one by it.
   *
   * @param asker who asks, and for whose project
   * @param request the body of {@code POST /api/v1/tables}
   * @param cancellation once it is cancelled, nothing is stored
   */
  Stored keep(Asker asker, byte[] request, Cancellation cancellation)
      throws IOException, TableException, InterruptedException;

  /** A page of tables by name, as the body of {@code GET /api/v1/tables}. */
  String list(String project, Optional<String> after, int limit) throws IOException;

  /** One table; empty if there is none of this name. */
  Optional<String> describe(String project, String name) throws IOException;

  /** Drops a table; answers whether there was one. */
  boolean drop(String project, String name) throws IOException, TableException;
}
