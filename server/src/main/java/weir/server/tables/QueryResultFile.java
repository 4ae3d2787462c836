package weir.server.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import weir.metadata.Asker;
import weir.server.statements.StatementClient;
import weir.server.statements.StatementFailure;

/** Has a statement's process write a result, and brings it into a file. */
final class QueryResultFile {
  private final StatementClient client;

  QueryResultFile(StatementClient client) {
    this.client = client;
  }

  /**
   * Runs a query.
   *
   * @param request as {@code POST /api/v1/query} takes it, with the format parquet
   * @param file is made
   * @param limit of the file in bytes
   * @param cancellation ends the query too
   */
  void write(Asker asker, byte[] request, Path file, long limit, Cancellation cancellation)
      throws IOException, TableException, InterruptedException {
    try (StatementClient.Answer answer =
        client.post(asker, "/query", request, cancellation::then)) {
      if (answer.status() != HttpURLConnection.HTTP_OK) {
        throw TableException.passed(answer.status(), answer.text());
      }
      copy(answer.body(), file, limit, cancellation);
    }
  }

  private static void copy(InputStream in, Path file, long limit, Cancellation cancellation)
      throws IOException, TableException {
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      if (BoundedCopy.copy(in, out, limit, cancellation) > limit) {
        throw LakeTables.tooLarge(limit);
      }
    } catch (java.io.FileNotFoundException | java.nio.file.FileSystemException e) {
      throw e;
    } catch (IOException e) {
      TableException lost =
          TableException.passed(StatementFailure.LOST.status(), StatementFailure.LOST.json());
      lost.initCause(e);
      throw lost;
    }
  }
}
