package weir.server.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import weir.server.directory.RoleFile;
import weir.server.metadata.Asker;

/**
 * Asks the query process, on a connection for each statement, and waits for one that is restarting.
 * A statement that is lost with the process soon after it began is tried once more, apart from
 * others that were lost, since it may have been the end of the process itself. Blocks; safe for use
 * by several threads.
 */
final class QueryClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CONNECT_MILLIS = 1000;
  private static final int ASK_AGAIN_MILLIS = 50;

  /** Who has run for longer may have been ended for just that. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Semaphore lost = new Semaphore(1, true);
  private final Path roleFile;
  private final Duration patience;

  QueryClient(Path roleFile, Duration patience) {
    this.roleFile = roleFile;
    this.patience = patience;
  }

  /**
   * A statement to run or describe.
   *
   * @param id by which it can be cancelled
   * @param types of parameters, 0 if unknown
   * @param parameters texts or nulls
   * @param binary one for all columns, or one for each; none for text
   * @param settings of the session, by names in lower case
   * @param promised types of columns as they were told to the client; none if they were not
   */
  record Statement(
      Asker asker,
      String id,
      String sql,
      List<Integer> types,
      List<@Nullable String> parameters,
      List<Boolean> binary,
      List<Integer> promised,
      Map<String, String> settings) {
    private byte[] json() {
      ObjectNode json = JSON.createObjectNode().put("id", id).put("sql", sql);
      types.forEach(json.putArray("types")::add);
      ArrayNode values = json.putArray("parameters");
      parameters.forEach(values::add);
      binary.forEach(json.putArray("binary")::add);
      promised.forEach(json.putArray("promised")::add);
      settings.forEach(json.putObject("settings")::put);
      return json.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Messages of a result as they are made. */
  static final class Result implements AutoCloseable {
    private final HttpURLConnection connection;
    private final DataInputStream in;

    private Result(HttpURLConnection connection) throws IOException {
      this.connection = connection;
      this.in = new DataInputStream(connection.getInputStream());
    }

    char type() throws IOException {
      return (char) in.readUnsignedByte();
    }

    byte[] body() throws IOException {
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      return body;
    }

    /** Ends the query, if it still runs. */
    @Override
    public void close() {
      connection.disconnect();
    }
  }

  /**
   * Runs a statement; returns when its first rows are there.
   *
   * @throws PostgresException if it fails before
   */
  Result run(Statement statement) throws PostgresException, InterruptedException {
    HttpURLConnection connection = post("query", statement);
    try {
      return new Result(connection);
    } catch (IOException e) {
      throw lost();
    }
  }

  /** The types of a statement's columns and parameters. */
  JsonNode describe(Statement statement) throws PostgresException, InterruptedException {
    HttpURLConnection connection = post("describe", statement);
    try (InputStream in = connection.getInputStream()) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw lost();
    }
  }

  static PostgresException lost() {
    return new PostgresException(
        "57014",
        "the query ended before its result was whole: its time was over, it was cancelled, or the"
            + " query process ended");
  }

  private HttpURLConnection post(String what, Statement statement)
      throws PostgresException, InterruptedException {
    long began = System.nanoTime();
    try {
      return attempt(what, statement);
    } catch (IOException e) {
      if (System.nanoTime() - began > SOON.toNanos()) {
        throw lost();
      }
    }
    lost.acquire();
    try {
      return attempt(what, statement);
    } catch (IOException e) {
      throw lost();
    } finally {
      lost.release();
    }
  }

  /** Throws IOException if the statement was lost. */
  private HttpURLConnection attempt(String what, Statement statement)
      throws IOException, PostgresException, InterruptedException {
    String path = "/postgres/" + what + "?" + statement.asker().parameters();
    long triesLeft = patience.toMillis() / ASK_AGAIN_MILLIS;
    while (true) {
      try {
        HttpURLConnection connection = open("POST", path).orElse(null);
        if (connection != null) {
          return answered(connection, statement);
        }
      } catch (ConnectException e) {
        // It is restarting; its next role file says where it will be.
        triesLeft = Math.max(triesLeft, 0);
      }
      if (triesLeft-- <= 0) {
        throw new PostgresException("57P03", "the query process is restarting; try again");
      }
      Thread.sleep(ASK_AGAIN_MILLIS);
    }
  }

  private static HttpURLConnection answered(HttpURLConnection connection, Statement statement)
      throws IOException, PostgresException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.connect();
    connection.getOutputStream().write(statement.json());
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      try (InputStream in = connection.getErrorStream()) {
        String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        throw QueryErrors.translate(body, statement.sql());
      }
    }
    return connection;
  }

  private Optional<HttpURLConnection> open(String method, String path) throws IOException {
    Optional<RoleFile> role = RoleFile.read(roleFile);
    if (role.isEmpty()) {
      return Optional.empty();
    }
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + role.get().port() + path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setRequestProperty("Authorization", "Bearer " + role.get().token());
    connection.setRequestProperty("Connection", "close");
    connection.setUseCaches(false);
    return Optional.of(connection);
  }

  /** Cancels a query, if it still runs. */
  void cancel(Asker asker, String id) throws IOException {
    Optional<HttpURLConnection> connection =
        open("DELETE", "/query/" + id + "?" + asker.parameters());
    if (connection.isPresent()) {
      connection.get().getResponseCode();
      connection.get().disconnect();
    }
  }
}
