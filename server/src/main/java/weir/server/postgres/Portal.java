package weir.server.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.metadata.Asker;

/**
 * A statement with its parameters, of which some rows may have been fetched. It runs from its first
 * Describe or Execute until it is closed; between two Executes the query process waits.
 */
final class Portal implements AutoCloseable {
  private final PreparedStatement statement;
  private final Asker asker;
  private final QueryClient.Statement query;
  private QueryClient.@Nullable Result result;
  private byte @Nullable [] description;
  private boolean finished;

  Portal(
      PreparedStatement statement,
      Asker asker,
      List<@Nullable String> parameters,
      List<Boolean> binary,
      Map<String, String> settings) {
    this.statement = statement;
    this.asker = asker;
    this.query =
        new QueryClient.Statement(
            asker,
            UUID.randomUUID().toString(),
            statement.sql(),
            statement.types(),
            parameters,
            binary,
            statement.promised(),
            settings);
  }

  PreparedStatement statement() {
    return statement;
  }

  /** A query with the same parameters. */
  Portal of(PreparedStatement other, List<Boolean> binary) {
    return new Portal(other, asker, query.parameters(), binary, query.settings());
  }

  /** Whether columns were asked for in binary. */
  boolean wantsBinary() {
    return query.binary().contains(true);
  }

  /** By which the query can be cancelled. */
  String queryId() {
    return query.id();
  }

  /** The body of its RowDescription; starts the query. */
  byte[] description(QueryClient client)
      throws PostgresException, IOException, InterruptedException {
    byte[] known = description;
    if (known == null) {
      QueryClient.Result started = client.run(query);
      result = started;
      if (started.type() != 'T') {
        throw new PostgresException("XX000", "the query process answered something unknown");
      }
      known = started.body();
      description = known;
    }
    return known;
  }

  /** Takes the bodies of DataRow messages. */
  interface Rows {
    void row(byte[] body) throws IOException;
  }

  /** Sends rows as they are asked for by Execute; 0 for all. */
  void execute(QueryClient client, int limit, BackendOutput out)
      throws PostgresException, IOException, InterruptedException {
    long sent = fetch(client, limit <= 0 ? Long.MAX_VALUE : limit, row -> out.message('D', row));
    if (finished) {
      out.complete("SELECT " + sent);
    } else {
      out.message('s');
    }
  }

  /**
   * Hands over rows.
   *
   * @param limit how many at most
   * @return how many
   */
  long fetch(QueryClient client, long limit, Rows to)
      throws PostgresException, IOException, InterruptedException {
    description(client);
    QueryClient.Result rows = result;
    if (rows == null || finished) {
      return 0;
    }
    for (long sent = 0; sent < limit; sent++) {
      char type;
      byte[] body;
      try {
        type = rows.type();
        body = rows.body();
      } catch (IOException e) {
        throw QueryClient.lost();
      }
      if (type == 'E') {
        throw QueryErrors.translate(new String(body, StandardCharsets.UTF_8), statement.sql());
      }
      if (type == 'C') {
        finished = true;
        return sent;
      }
      to.row(body);
    }
    return limit;
  }

  @Override
  public void close() {
    QueryClient.Result open = result;
    if (open != null) {
      open.close();
    }
    result = null;
    finished = true;
  }
}
