package weir.server.tables;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import weir.server.directory.RoleFile;

/** Has the query process write a result, and brings it into a file. */
final class QueryResultFile {
  private static final int CONNECT_MILLIS = 1000;
  private static final int ASK_AGAIN_MILLIS = 50;

  private final Path roleFile;
  private final Duration patience;

  /**
   * @param patience how long to wait for a query process that is restarting
   */
  QueryResultFile(Path roleFile, Duration patience) {
    this.roleFile = roleFile;
    this.patience = patience;
  }

  /**
   * Runs a query.
   *
   * @param asker who asks, as parameters of the request
   * @param request as {@code POST /api/v1/query} takes it, with the format parquet
   * @param file is made
   * @param limit of the file in bytes
   * @param cancellation ends the query too
   */
  void write(String asker, byte[] request, Path file, long limit, Cancellation cancellation)
      throws IOException, TableException, InterruptedException {
    HttpURLConnection connection = connected(asker, request);
    cancellation.then(connection::disconnect);
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        try (InputStream in = connection.getErrorStream()) {
          String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
          throw TableException.passed(status, body);
        }
      }
      try (InputStream in = connection.getInputStream();
          OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
        if (BoundedCopy.copy(in, out, limit, cancellation) > limit) {
          throw LakeTables.tooLarge(limit);
        }
      }
    } catch (IOException e) {
      throw lost(e);
    } finally {
      connection.disconnect();
    }
  }

  private static TableException lost(IOException e) {
    TableException lost =
        TableException.of(
            503, "query_lost", "the query process ended while it answered; it is restarting");
    lost.initCause(e);
    return lost;
  }

  private HttpURLConnection connected(String asker, byte[] request)
      throws IOException, TableException, InterruptedException {
    for (long triesLeft = patience.toMillis() / ASK_AGAIN_MILLIS; ; triesLeft--) {
      try {
        Optional<RoleFile> role = RoleFile.read(roleFile);
        if (role.isPresent()) {
          return sent(role.get(), asker, request);
        }
      } catch (ConnectException e) {
        // it is restarting; its next role file says where it will be
        triesLeft = Math.max(triesLeft, 0);
      }
      if (triesLeft <= 0) {
        throw TableException.of(
            503, "query_unavailable", "the query process is restarting; try again");
      }
      Thread.sleep(ASK_AGAIN_MILLIS);
    }
  }

  private static HttpURLConnection sent(RoleFile role, String asker, byte[] request)
      throws IOException {
    String path = "/query?" + asker;
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + role.port() + path).toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setRequestProperty("Authorization", "Bearer " + role.token());
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setRequestProperty("Connection", "close");
    connection.setUseCaches(false);
    connection.connect();
    connection.getOutputStream().write(request);
    return connection;
  }
}
