package weir.server.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.metadata.Asker;
import weir.server.statements.StatementClient;

/** Has statements of PostgreSQL's protocol run. Blocks; safe for use by several threads. */
final class QueryClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StatementClient client;

  QueryClient(StatementClient client) {
    this.client = client;
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
    private final StatementClient.Answer answer;
    private final DataInputStream in;

    private Result(StatementClient.Answer answer) {
      this.answer = answer;
      this.in = new DataInputStream(answer.body());
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
      answer.close();
    }
  }

  /**
   * Runs a statement; returns when its first rows are there.
   *
   * @throws PostgresException if it fails before
   */
  Result run(Statement statement) throws PostgresException, InterruptedException {
    return new Result(post("query", statement));
  }

  /** The types of a statement's columns and parameters. */
  JsonNode describe(Statement statement) throws PostgresException, InterruptedException {
    try (StatementClient.Answer answer = post("describe", statement)) {
      return JSON.readTree(answer.body());
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

  private StatementClient.Answer post(String what, Statement statement)
      throws PostgresException, InterruptedException {
    StatementClient.Answer answer =
        client.post(statement.asker(), "/postgres/" + what, statement.json());
    if (answer.status() == HttpURLConnection.HTTP_OK) {
      return answer;
    }
    try (answer) {
      throw QueryErrors.translate(answer.text(), statement.sql());
    } catch (IOException e) {
      throw lost();
    }
  }

  /** Cancels a query, if it still runs. */
  void cancel(Asker asker, String id) throws IOException, InterruptedException {
    client.cancel(asker, id);
  }
}
