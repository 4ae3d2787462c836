package weir.server.importing;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of rows.
 *
 * <p>The messageId is a hash of the row, written as JSON, and of how often the same row came before
 * in the file; of the event's name too where that is not in the row, or of its kind where it is a
 * user. So the same file makes the same ids, whichever way it is compressed and whichever columns
 * mean what.
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

  private final Columns columns;
  private final boolean identify;
  private final @Nullable String event;
  private final TextTypes types;
  private final boolean text;
  private final TimeReader times;
  private final OccurrenceCounter occurrences;
  private final InstantSource clock;
  private final MessageDigest sha256;

  /** What a row has become: an event as JSON, or the reason why it cannot be one. */
  sealed interface Made {
    record Event(byte[] json) implements Made {}

    record Refused(String reason) implements Made {}
  }

  EventMaker(
      Columns columns,
      ImportOptions options,
      TextTypes types,
      boolean text,
      OccurrenceCounter occurrences,
      InstantSource clock)
      throws UnclearFileException {
    this.columns = columns;
    this.identify = options.identify();
    this.event = options.event();
    this.types = types;
    this.text = text;
    this.times = TimeReader.of(options.timeFormat(), options.zone());
    this.occurrences = occurrences;
    this.clock = clock;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a value of the time column can be read. */
  boolean readsTime(ObjectNode row) {
    JsonNode value = columns.time() == null ? null : row.get(columns.time());
    return value != null && times.read(value).isPresent();
  }

  Made make(ObjectNode row) throws IOException {
    String id = id(row);
    return columns.calls() ? call(row, id) : event(row, id);
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
    byte[] fingerprint = sha256.digest();
    long before = occurrences.before(ByteBuffer.wrap(fingerprint).getLong());
    sha256.update(fingerprint);
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(before).flip());
    return HexFormat.of().formatHex(Arrays.copyOf(sha256.digest(), ID_BYTES));
  }

  private Made call(ObjectNode row, String id) throws IOException {
    if (!row.hasNonNull("messageId")) {
      row.put("messageId", id);
    }
    return new Made.Event(JSON.writeValueAsBytes(row));
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
    putProperties(made.putObject(identify ? "traits" : "properties"), row);
    return new Made.Event(JSON.writeValueAsBytes(made));
  }

  /** The problem, if there is one. */
  private String putTime(ObjectNode made, JsonNode value) {
    if (value.isMissingNode() || value.isNull() || value.asText().isBlank()) {
      return "is empty";
    }
    Optional<Instant> time = times.read(value);
    String shown = value.asText();
    shown = shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "...";
    if (time.isEmpty()) {
      return "is no time: '" + shown + "'";
    }
    if (time.get().isBefore(EARLIEST) || time.get().isAfter(clock.instant().plus(AHEAD))) {
      return "is before 2000 or more than a day ahead: '" + shown + "'";
    }
    made.put("timestamp", time.get().toString());
    return "";
  }

  private void putProperties(ObjectNode properties, ObjectNode row) {
    row.properties()
        .forEach(each -> {
          JsonNode value = each.getValue();
          if (columns.isProperty(each.getKey())
              && !value.isNull()
              && !(text && value.asText().isEmpty())) {
            properties.set(each.getKey(), text ? types.typed(each.getKey(), value) : value);
          }
        });
  }
}
