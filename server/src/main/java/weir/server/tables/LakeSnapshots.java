package weir.server.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import weir.lake.AsOf;
import weir.lake.NamedSnapshot;
import weir.lake.stored.NamedSnapshots;
import weir.lake.writing.LakeWriter;

/** Named snapshots of the lake, each with all that was queryable when it was named. */
public final class LakeSnapshots implements Snapshots {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final NamedSnapshots snapshots;
  private final LakeWriter writer;

  /**
   * @param writer commits what the hot tail holds before a snapshot is named
   */
  public LakeSnapshots(NamedSnapshots snapshots, LakeWriter writer) {
    this.snapshots = snapshots;
    this.writer = writer;
  }

  @Override
  public String create(String project, byte[] request)
      throws IOException, TableException, InterruptedException {
    String name = name(request);
    try {
      writer.flush().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      TableException failure =
          TableException.of(
              503, "not_committed", "the newest events are not in the lake yet; try again");
      failure.initCause(e);
      throw failure;
    }
    return snapshots
        .create(project, name)
        .map(named -> json(named).toString())
        .orElseThrow(
            () -> TableException.of(409, "taken", "there is a snapshot " + name + " already"));
  }

  private static String name(byte[] request) throws IOException, TableException {
    JsonNode root;
    try {
      root = JSON.readTree(request);
    } catch (JsonProcessingException e) {
      throw invalid("the body is not JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject() || root.size() != 1 || !root.path("name").isTextual()) {
      throw invalid("the body must be {\"name\":\"...\"}");
    }
    String name = root.path("name").asText();
    if (!AsOf.isName(name)) {
      throw invalid(
          "a snapshot's name has 1 to 100 letters, digits, _, . or -, the first a letter or digit;"
              + " main is none");
    }
    return name;
  }

  private static TableException invalid(String message) {
    return TableException.of(400, "invalid_request", message);
  }

  @Override
  public String list(String project, Optional<String> after, int limit) throws IOException {
    List<NamedSnapshot> following =
        snapshots.list(project).stream()
            .filter(named -> after.isEmpty() || named.name().compareTo(after.get()) > 0)
            .toList();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode page = answer.putArray("snapshots");
    following.stream().limit(limit).map(LakeSnapshots::json).forEach(page::add);
    boolean isLast = following.size() <= limit;
    answer.put("next_cursor", isLast ? null : following.get(limit - 1).name());
    return answer.toString();
  }

  @Override
  public Optional<String> describe(String project, String name) throws IOException {
    return snapshots.list(project).stream()
        .filter(named -> named.name().equals(name))
        .findFirst()
        .map(named -> json(named).toString());
  }

  @Override
  public boolean delete(String project, String name) throws IOException {
    return AsOf.isName(name) && snapshots.delete(project, name);
  }

  private static ObjectNode json(NamedSnapshot named) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", named.name()).put("at", named.at().toString());
    json.put("rows", named.rows().getOrDefault("events", 0L));
    ObjectNode tables = json.putObject("tables");
    named.rows().forEach(tables::put);
    return json;
  }
}
