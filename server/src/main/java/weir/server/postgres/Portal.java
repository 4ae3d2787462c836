package weir.server.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.server.metadata.Asker;

/**
 * A statement with its parameters, of which some rows may have been fetched. It runs from its first
 * Describe or Execute until it is closed; between two Executes the query process waits.
 */
final class Portal implements AutoCloseable {
  private final PreparedStatement statement;
  private final QueryClient.Statement query;
  private QueryClient.@Nullable Result result;
  private byte @Nullable [] description;
  private boolean finished;

  Portal(
      PreparedStatement statement,
      Asker asker,
      List<@Nullable String> parameters,
      List<Boolean> binary) {
    this.statement = statement;
    this.query =
        new QueryClient.Statement(
            asker,
            UUID.randomUUID().toString(),
            statement.sql(),
            statement.types(),
            parameters,
            binary,
            statement.promised());
  }

  PreparedStatement statement() {
    return statement;
  }

  Optional<LocalCommand> command() {
    return statement.command();
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

  /**
   * Sends rows.
   *
   * @param limit how many at most; 0 for all
   */
  void fetch(QueryClient client, int limit, BackendOutput out)
      throws PostgresException, IOException, InterruptedException {
    description(client);
    QueryClient.Result rows = result;
    if (rows == null || finished) {
      out.complete("SELECT 0");
      return;
    }
    for (int sent = 0; limit <= 0 || sent < limit; sent++) {
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
        if (limit <= 0) {
          out.message('C', body);
        } else {
          out.complete("SELECT " + sent);
        }
        return;
      }
      out.message(type, body);
    }
    out.message('s');
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
