package weir.tools.importing;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of rows.
 *
 * <p>The messageId is a hash of the row, written as JSON, and of how often the same row came before
 * in the file; of the event's name too where that is not in the row, of its kind where it is a
 * user, and of what options change in the event: a row whose time is read in another zone is
 * another event. So the same file makes the same ids, whichever way it is compressed.
 *
 * <p>Each event bears which import it came by, in {@code context.library}.
 */
final class EventMaker {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration AHEAD = Duration.ofDays(1);
  private static final int ID_BYTES = 16;
  private static final int SHOWN = 60;

  private final Meaning told;
  private final Meaning plain;
  private final Columns columns;
  private final boolean identify;
  private final boolean accessLog;
  private final List<String> site;
  private final @Nullable String event;
  private final ImportId importId;
  private final OccurrenceCounter occurrences;
  private final InstantSource clock;
  private final MessageDigest sha256;

  /** What a row has become: an event as JSON, or the reason why it cannot be one. */
  sealed interface Made {
    record Event(byte[] json) implements Made {}

    record Refused(String reason) implements Made {}
  }

  /**
   * @param told what the rows mean
   * @param plain what they would mean without options
   */
  EventMaker(
      Meaning told,
      Meaning plain,
      ImportOptions options,
      ImportId importId,
      OccurrenceCounter occurrences,
      InstantSource clock) {
    this.told = told;
    this.plain = plain;
    this.columns = told.columns();
    this.identify = options.identify();
    this.accessLog = options.values().accessLog();
    this.site = options.values().site();
    this.event = options.event();
    this.importId = importId;
    this.occurrences = occurrences;
    this.clock = clock;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Made make(ObjectNode row) throws IOException {
    String id = id(row);
    return columns.calls() ? call(row.deepCopy(), id) : event(row, id);
  }

  private String id(ObjectNode row) throws IOException {
    sha256.reset();
    sha256.update(JSON.writeValueAsBytes(row));
    if (identify) {
      sha256.update((byte) 1);
    } else if (event != null) {
      sha256.update((byte) 0);
      sha256.update(event.getBytes(StandardCharsets.UTF_8));
    }
    String changed = changed(row);
    if (!changed.isEmpty()) {
      sha256.update((byte) 2);
      sha256.update(changed.getBytes(StandardCharsets.UTF_8));
    }
    byte[] fingerprint = sha256.digest();
    long before = occurrences.before(ByteBuffer.wrap(fingerprint).getLong());
    sha256.update(fingerprint);
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(before).flip());
    return HexFormat.of().formatHex(Arrays.copyOf(sha256.digest(), ID_BYTES));
  }

  /** What options change in the event of a row; empty if nothing. */
  private String changed(ObjectNode row) {
    StringBuilder changed = new StringBuilder();
    if (!told.columns().equals(plain.columns()) || !told.times().equals(plain.times())) {
      Meaning.Said said = told.of(row);
      if (!said.equals(plain.of(row))) {
        changed.append(said);
      }
    }
    if (!site.isEmpty()) {
      Optional<String> url = AccessLogRows.url(row, site);
      if (!url.equals(AccessLogRows.url(row, List.of()))) {
        changed.append("\nurl=").append(url.orElse(""));
      }
    }
    if (!told.types().equals(plain.types())) {
      for (Map.Entry<String, JsonNode> each : row.properties()) {
        JsonNode value = told.types().typed(each.getKey(), each.getValue());
        if (columns.isProperty(each.getKey())
            && !value.equals(plain.types().typed(each.getKey(), each.getValue()))) {
          changed.append('\n').append(each.getKey()).append('=').append(value);
        }
      }
    }
    return changed.toString();
  }

  private Made call(ObjectNode call, String id) throws IOException {
    if (!call.hasNonNull("messageId")) {
      call.put("messageId", id);
    }
    importId.addTo(call);
    return new Made.Event(JSON.writeValueAsBytes(call));
  }

  private Made event(ObjectNode row, String id) throws IOException {
    ObjectNode made = JsonNodeFactory.instance.objectNode();
    made.put("type", identify ? "identify" : "track").put("messageId", id);
    if (!identify) {
      String name = event == null ? Columns.text(row, columns.event()) : event;
      if (name.isEmpty()) {
        return new Made.Refused("it has no event name: " + columns.event() + " is empty");
      }
      made.put("event", name);
    }
    String user = Columns.text(row, columns.user());
    String anonymous = Columns.text(row, columns.anonymous());
    if (user.isEmpty() && anonymous.isEmpty()) {
      String column = columns.user() == null ? columns.anonymous() : columns.user();
      return new Made.Refused("it does not say who did it: " + column + " is empty");
    }
    if (!user.isEmpty()) {
      made.put("userId", user);
    }
    if (!anonymous.isEmpty()) {
      made.put("anonymousId", anonymous);
    }
    if (columns.time() != null) {
      String problem = putTime(made, row.path(columns.time()));
      if (!problem.isEmpty()) {
        return new Made.Refused(columns.time() + " " + problem);
      }
    }
    if (accessLog) {
      AccessLogRows.putContext(made.putObject("context"), row, site);
    }
    importId.addTo(made);
    String problem = putProperties(made.putObject(identify ? "traits" : "properties"), row);
    return problem.isEmpty()
        ? new Made.Event(JSON.writeValueAsBytes(made))
        : new Made.Refused(problem);
  }

  /** The problem, if there is one. */
  private String putTime(ObjectNode made, JsonNode value) {
    if (value.isMissingNode() || value.isNull() || value.asText().isBlank()) {
      return "is empty";
    }
    Optional<Instant> time = told.times().read(value);
    if (time.isEmpty()) {
      return told.times().problem(value) + ": " + shown(value);
    }
    if (time.get().isBefore(EARLIEST) || time.get().isAfter(clock.instant().plus(AHEAD))) {
      return "is before 2000 or more than a day ahead: " + shown(value);
    }
    made.put("timestamp", time.get().toString());
    return "";
  }

  private static String shown(JsonNode value) {
    String text = value.isContainerNode() ? value.toString() : value.asText();
    return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + "'";
  }

  /** The problem, if there is one. */
  private String putProperties(ObjectNode properties, ObjectNode row) {
    for (Map.Entry<String, JsonNode> each : row.properties()) {
      if (!columns.isProperty(each.getKey())) {
        continue;
      }
      JsonNode value = told.types().typed(each.getKey(), each.getValue());
      if (value.isMissingNode()) {
        return each.getKey()
            + " is no "
            + told.types().toldType(each.getKey())
            + ": "
            + shown(each.getValue());
      }
      if (!value.isNull()) {
        properties.set(each.getKey(), value);
      }
    }
    return "";
  }
}
