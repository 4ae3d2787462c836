package weir.server.tables;

import java.io.IOException;
import java.util.Optional;

/** Named snapshots, as the API gives them. All may block. */
public interface Snapshots {
  /**
   * Names what can be queried now.
   *
   * @param request the body of {@code POST /api/v1/snapshots}
   * @return as {@link #describe} answers it
   */
  String create(String project, byte[] request)
      throws IOException, TableException, InterruptedException;

  /** A page of snapshots by name, as the body of {@code GET /api/v1/snapshots}. */
  String list(String project, Optional<String> after, int limit) throws IOException;

  /** One snapshot; empty if there is none of this name. */
  Optional<String> describe(String project, String name) throws IOException;

  /** Forgets a snapshot; answers whether there was one. */
  boolean delete(String project, String name) throws IOException;
}
