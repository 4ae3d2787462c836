package weir.server.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.lake.StoredColumn;
import weir.lake.stored.StoredInput;
import weir.lake.stored.TableConversion;
import weir.lake.stored.UnreadableInputException;

/** What a process that converts a file is asked, and what it answers: one JSON object each. */
final class ConversionMessages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConversionMessages() {}

  static byte[] request(TableConversion.Request request) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("file", request.input().file().toString());
    json.put("format", request.input().format().name());
    json.set("types", JSON.valueToTree(request.input().types()));
    json.set("ids", JSON.valueToTree(request.ids().known()));
    json.put("last_id", request.ids().last());
    json.put("output", request.output().toString());
    json.put("rows", request.limits().rows());
    json.put("bytes", request.limits().bytes());
    json.put("millis", request.limits().time().toMillis());
    return JSON.writeValueAsBytes(json);
  }

  static TableConversion.Request request(byte[] bytes) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    Map<String, String> types = new HashMap<>();
    json.path("types")
        .properties()
        .forEach(each -> types.put(each.getKey(), each.getValue().asText()));
    Map<String, Integer> ids = new HashMap<>();
    json.path("ids").properties().forEach(each -> ids.put(each.getKey(), each.getValue().asInt()));
    return new TableConversion.Request(
        new StoredInput(
            Path.of(json.path("file").asText()),
            StoredInput.Format.valueOf(json.path("format").asText()),
            types),
        new TableConversion.FieldIds(ids, json.path("last_id").asInt()),
        Path.of(json.path("output").asText()),
        new TableConversion.Limits(
            json.path("rows").asLong(),
            json.path("bytes").asLong(),
            Duration.ofMillis(json.path("millis").asLong())));
  }

  static byte[] answer(TableConversion.Converted converted) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("rows", converted.rows()).put("bytes", converted.bytes());
    ArrayNode columns = json.putArray("columns");
    for (StoredColumn column : converted.columns()) {
      columns
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("id", column.fieldId());
    }
    return JSON.writeValueAsBytes(json);
  }

  static byte[] answer(UnreadableInputException refusal) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("reason", refusal.reason().name()).put("message", refusal.getMessage());
    return JSON.writeValueAsBytes(json);
  }

  /** Reads an answer, or throws the refusal that it is. */
  static TableConversion.Converted answer(byte[] bytes)
      throws IOException, UnreadableInputException {
    JsonNode json = JSON.readTree(bytes);
    if (json.has("reason")) {
      throw new UnreadableInputException(
          UnreadableInputException.Reason.valueOf(json.path("reason").asText()),
          json.path("message").asText());
    }
    List<StoredColumn> columns = new ArrayList<>();
    for (JsonNode column : json.path("columns")) {
      columns.add(
          new StoredColumn(
              column.path("name").asText(),
              column.path("type").asText(),
              column.path("id").asInt()));
    }
    return new TableConversion.Converted(
        json.path("rows").asLong(), json.path("bytes").asLong(), columns);
  }
}
