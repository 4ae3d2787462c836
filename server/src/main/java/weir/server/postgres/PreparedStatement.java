package weir.server.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weir.metadata.Asker;

/** A parsed statement; an empty one has no text. */
final class PreparedStatement {
  private final Optional<SqlText> text;
  private final Optional<LocalCommand> command;
  private final List<Integer> types;
  private @Nullable JsonNode description;

  PreparedStatement(Optional<SqlText> text, List<Integer> types) throws PostgresException {
    this.text = text;
    this.command = text.isPresent() ? text.get().command() : Optional.empty();
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

  /** The types of its parameters, 0 where they are not known. */
  List<Integer> types() {
    JsonNode known = description;
    if (known == null) {
      return types;
    }
    List<Integer> all = new ArrayList<>();
    known.path("parameters").forEach(type -> all.add(type.asInt()));
    return all;
  }

  /** Whether the type of one of so many parameters is neither said nor found yet. */
  boolean lacksTypes(int parameters) {
    return description == null
        && command.isEmpty()
        && IntStream.range(0, parameters).anyMatch(i -> type(i) == 0);
  }

  Optional<LocalCommand> command() {
    return command;
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
  JsonNode describe(QueryClient client, Asker asker, String id, Map<String, String> settings)
      throws PostgresException, InterruptedException {
    JsonNode known = description;
    if (known == null) {
      known =
          client.describe(
              new QueryClient.Statement(
                  asker, id, sql(), types, List.of(), List.of(), List.of(), settings));
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
