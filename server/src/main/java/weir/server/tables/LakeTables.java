package weir.server.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import weir.lake.StoredTable;
import weir.lake.stored.StoredInput;
import weir.lake.stored.StoredTables;
import weir.lake.stored.TableConversion;
import weir.lake.stored.UnreadableInputException;
import weir.metadata.Asker;
import weir.query.tables.TableNames;
import weir.server.statements.StatementClient;
import weir.server.statements.Statements;

/** Tables that users store, kept in the lake. */
public final class LakeTables implements Tables {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Set<String> FIELDS =
      Set.of("name", "sql", "parameters", "timeout", "id", "as_of");

  private final StoredTables tables;
  private final QueryResultFile queries;
  private final Options options;

  /**
   * Where things are, and what they may be.
   *
   * @param queryWait how long to wait for a process that is restarting
   * @param uploadLimit of a file in bytes
   * @param limits of a table, and of the time to make it
   * @param reserve bytes of the disk that stay free
   */
  public record Options(
      Duration queryWait, long uploadLimit, TableConversion.Limits limits, long reserve) {}

  public LakeTables(StoredTables tables, Statements statements, Options options) {
    this.tables = tables;
    this.options = options;
    this.queries =
        new QueryResultFile(new StatementClient(statements, options.queryWait(), System::nanoTime));
  }

  @Override
  public long uploadLimit() {
    return options.uploadLimit();
  }

  static TableException tooLarge(long limit) {
    return TableException.of(
        413, "too_large", "a table's file may have " + limit + " bytes (tables.upload_limit)");
  }

  @Override
  public void check(String name, long bytes) throws IOException, TableException {
    if (!StoredTables.isName(name)) {
      throw TableException.of(
          400,
          "invalid_name",
          "a table's name is a small letter and up to 62 more, digits or _, not '" + name + "'");
    }
    if (TableNames.isSystem(name)) {
      throw TableException.of(409, "taken", "every project has a table " + name + " of its own");
    }
    if (tables.isReserved(name)) {
      throw TableException.of(
          400, "invalid_name", name + " is a word that SQL keeps for itself: take another name");
    }
    if (bytes > options.uploadLimit()) {
      throw tooLarge(options.uploadLimit());
    }
    // the file as it came, what it is decompressed to, and the table
    if (tables.staging().toFile().getUsableSpace() - 3 * bytes < options.reserve()) {
      throw TableException.of(503, "disk_full", "the disk has no room for this table");
    }
  }

  @Override
  public Path newFile() throws IOException {
    return tables.staging().resolve(UUID.randomUUID().toString());
  }

  @Override
  public Stored put(String project, String name, Upload upload, Cancellation cancellation)
      throws IOException, TableException {
    Path plain = upload.file();
    try {
      check(name, Files.size(plain));
      if (upload.gzip()) {
        plain = newFile();
        decompress(upload.file(), plain, cancellation);
      }
      boolean isNew = tables.find(project, name).isEmpty();
      StoredTable stored =
          tables.put(
              project,
              name,
              new StoredInput(plain, upload.format(), upload.types()),
              options.limits(),
              cancellation::isCancelled);
      return new Stored(isNew, json(stored).toString());
    } catch (UnreadableInputException e) {
      throw refused(e);
    } finally {
      Files.deleteIfExists(plain);
      Files.deleteIfExists(upload.file());
    }
  }

  private static TableException refused(UnreadableInputException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case INVALID -> TableException.of(400, "invalid_file", message);
      case TOO_MANY_ROWS -> TableException.of(413, "too_large", message + " (tables.row_limit)");
      case TOO_LARGE -> TableException.of(413, "too_large", message + " (tables.size_limit)");
      case TOO_SLOW -> TableException.of(400, "too_slow", message + " (tables.time_limit)");
      case CANCELLED -> cancelled();
    };
  }

  private static TableException cancelled() {
    return TableException.of(400, "cancelled", "the client has gone; nothing is stored");
  }

  private void decompress(Path from, Path to, Cancellation cancellation)
      throws IOException, TableException {
    try (InputStream file = Files.newInputStream(from);
        InputStream in = new GZIPInputStream(file, 1 << 16);
        OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
      if (BoundedCopy.copy(in, out, options.uploadLimit(), cancellation) > options.uploadLimit()) {
        throw tooLarge(options.uploadLimit());
      }
    } catch (BoundedCopy.CancelledException e) {
      throw cancelled();
    } catch (ZipException | java.io.EOFException e) {
      throw TableException.of(400, "invalid_file", "the body is not gzip: " + e.getMessage());
    }
  }

  @Override
  public Stored keep(Asker asker, byte[] request, Cancellation cancellation)
      throws IOException, TableException, InterruptedException {
    ObjectNode asked = object(request);
    if (!asked.path("name").isTextual() || !asked.path("sql").isTextual()) {
      throw invalid("name and sql must be strings");
    }
    String name = asked.path("name").asText();
    check(name, 0);
    asked.remove("name");
    asked.put("format", "parquet");
    Path file = newFile();
    try {
      byte[] query = asked.toString().getBytes(StandardCharsets.UTF_8);
      queries.write(asker, query, file, options.uploadLimit(), cancellation);
      Upload result = new Upload(file, StoredInput.Format.PARQUET, false, Map.of());
      return put(asker.project(), name, result, cancellation);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static ObjectNode object(byte[] request) throws IOException, TableException {
    JsonNode root;
    try {
      root = JSON.readTree(request);
    } catch (JsonProcessingException e) {
      throw invalid("the body is not JSON: " + e.getOriginalMessage());
    }
    if (!(root instanceof ObjectNode object)) {
      throw invalid("the body must be a JSON object");
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!FIELDS.contains(field.getKey())) {
        throw invalid(
            "unknown field "
                + field.getKey()
                + "; there are "
                + String.join(", ", FIELDS.stream().sorted().toList()));
      }
    }
    return object;
  }

  private static TableException invalid(String message) {
    return TableException.of(400, "invalid_request", message);
  }

  @Override
  public String list(String project, Optional<String> after, int limit) throws IOException {
    List<StoredTable> following =
        tables.list(project).stream()
            .filter(table -> after.isEmpty() || table.name().compareTo(after.get()) > 0)
            .toList();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode page = answer.putArray("tables");
    following.stream().limit(limit).map(LakeTables::json).forEach(page::add);
    boolean isLast = following.size() <= limit;
    answer.put("next_cursor", isLast ? null : following.get(limit - 1).name());
    return answer.toString();
  }

  @Override
  public Optional<String> describe(String project, String name) throws IOException {
    return tables.find(project, name).map(table -> json(table).toString());
  }

  private static ObjectNode json(StoredTable table) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", table.name()).put("kind", "stored");
    ArrayNode columns = json.putArray("columns");
    table
        .columns()
        .forEach(
            column -> columns.addObject().put("name", column.name()).put("type", column.type()));
    return json.put("rows", table.rows())
        .put("bytes", table.bytes())
        .put("stored_at", table.storedAt().toString());
  }

  @Override
  public boolean drop(String project, String name) throws IOException, TableException {
    if (!StoredTables.isName(name) || TableNames.isSystem(name)) {
      return false;
    }
    return switch (tables.drop(project, name)) {
      case StoredTables.Dropped.Gone ignored -> true;
      case StoredTables.Dropped.Unknown ignored -> false;
      case StoredTables.Dropped.Held held ->
          throw TableException.of(
              409,
              "in_use",
              "named snapshots have this table; delete them first: "
                  + String.join(", ", held.snapshots()));
    };
  }
}
