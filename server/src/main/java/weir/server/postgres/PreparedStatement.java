package weir.server.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.server.metadata.Asker;

/** A parsed statement; an empty one has no text. */
final class PreparedStatement {
  private final Optional<SqlText> text;
  private final List<Integer> types;
  private @Nullable JsonNode description;

  PreparedStatement(Optional<SqlText> text, List<Integer> types) {
    this.text = text;
    this.types = types;
  }

  String sql() {
    return text.map(SqlText::sql).orElse("");
  }

  /** How many characters of what the client sent come before the statement. */
  int start() {
    return text.map(SqlText::start).orElse(0);
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  List<Integer> types() {
    return types;
  }

  Optional<LocalCommand> command() {
    return text.flatMap(SqlText::command);
  }

  /** The type of a parameter, from 0; 0 if it is not known. */
  int type(int parameter) {
    if (parameter < types.size() && types.get(parameter) != 0) {
      return types.get(parameter);
    }
    JsonNode known = description;
    return known == null ? 0 : known.path("parameters").path(parameter).asInt();
  }

  /** What the query process says of it; asks once. */
  JsonNode describe(QueryClient client, Asker asker, String id)
      throws PostgresException, InterruptedException {
    JsonNode known = description;
    if (known == null) {
      known =
          client.describe(
              new QueryClient.Statement(asker, id, sql(), types, List.of(), List.of(), List.of()));
      description = known;
    }
    return known;
  }

  /** The types of columns that the client was told; none if it was not. */
  List<Integer> promised() {
    List<Integer> promised = new ArrayList<>();
    JsonNode known = description;
    if (known != null) {
      known.path("columns").forEach(column -> promised.add(column.path("type").asInt()));
    }
    return promised;
  }

  /** Sends ParameterDescription and RowDescription of {@link #describe}. */
  static void send(JsonNode description, BackendOutput out) throws IOException {
    JsonNode parameters = description.path("parameters");
    out.message(
        't',
        body -> {
          body.writeShort(parameters.size());
          for (JsonNode type : parameters) {
            body.writeInt(type.asInt());
          }
        });
    JsonNode columns = description.path("columns");
    if (columns.isEmpty()) {
      out.message('n');
      return;
    }
    out.message(
        'T',
        body -> {
          body.writeShort(columns.size());
          for (JsonNode column : columns) {
            BackendOutput.text(body, column.path("name").asText());
            body.writeInt(0);
            body.writeShort(0);
            body.writeInt(column.path("type").asInt());
            body.writeShort(column.path("size").asInt());
            body.writeInt(-1);
            body.writeShort(0);
          }
        });
  }
}
