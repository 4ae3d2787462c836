package weir.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import weir.event.Network;

/**
 * What is asked of requests with a write key beyond the key.
 *
 * @param origins of pages that may send; empty for all
 * @param originRequired whether what names no origin, as no page of a browser does, is refused
 * @param allow networks that may send; empty for all
 * @param deny networks that may not, also where they are allowed
 * @param rate events a second, over time; 0 for no limit
 * @param burst events that may come at once after a pause; 0 for what ten seconds bring
 * @param quota events in a calendar month of UTC; 0 for no limit
 */
public record KeyRules(
    List<AllowedOrigin> origins,
    boolean originRequired,
    List<Network> allow,
    List<Network> deny,
    long rate,
    long burst,
    long quota) {
  /** A key without rules. */
  public static final KeyRules NONE = new KeyRules(List.of(), false, List.of(), List.of(), 0, 0, 0);

  /** The fields of {@link #json}. */
  public static final List<String> FIELDS =
      List.of(
          "origins",
          "require_origin",
          "allow",
          "deny",
          "events_per_second",
          "burst",
          "monthly_quota");

  private static final int MOST = 1_000;
  private static final long MOST_A_SECOND = 1_000_000;
  private static final long MOST_AT_ONCE = 100_000_000;
  private static final long BURST_SECONDS = 10;
  private static final JsonFactory JSON = new JsonFactory();

  public KeyRules {
    origins = few("origins", origins);
    allow = few("allow", allow);
    deny = few("deny", deny);
    within("events_per_second", rate, MOST_A_SECOND);
    within("burst", burst, MOST_AT_ONCE);
    within("monthly_quota", quota, Long.MAX_VALUE);
    if (burst > 0 && rate == 0) {
      throw new IllegalArgumentException("burst needs events_per_second");
    }
  }

  private static <T> List<T> few(String name, List<T> list) {
    if (list.size() > MOST) {
      throw new IllegalArgumentException(name + " may have " + MOST + " entries");
    }
    return List.copyOf(list);
  }

  private static void within(String name, long value, long most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(name + " must be a whole number from 1 to " + most);
    }
  }

  boolean isNone() {
    return equals(NONE);
  }

  /** How many events may come at once. */
  long capacity() {
    return burst == 0 ? rate * BURST_SECONDS : burst;
  }

  /**
   * Reads rules; fields that it does not know are passed over.
   *
   * @param json an object
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static KeyRules parse(String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      KeyRules rules = read(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("rules must be one JSON object");
      }
      return rules;
    } catch (IOException e) {
      throw new IllegalArgumentException("rules are not JSON: " + e.getMessage(), e);
    }
  }

  /** Reads the object that a parser stands before. */
  static KeyRules read(JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.START_OBJECT)) {
      throw new IllegalArgumentException("rules must be a JSON object");
    }
    List<AllowedOrigin> origins = List.of();
    boolean originRequired = false;
    List<Network> allow = List.of();
    List<Network> deny = List.of();
    long rate = 0;
    long burst = 0;
    long quota = 0;
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "origins" -> origins = list(field, json, AllowedOrigin::of);
        case "require_origin" -> originRequired = bool(field, json);
        case "allow" -> allow = list(field, json, Network::of);
        case "deny" -> deny = list(field, json, Network::of);
        case "events_per_second" -> rate = whole(field, json);
        case "burst" -> burst = whole(field, json);
        case "monthly_quota" -> quota = whole(field, json);
        default -> json.skipChildren();
      }
    }
    return new KeyRules(origins, originRequired, allow, deny, rate, burst, quota);
  }

  private static <T> List<T> list(String field, JsonParser json, Function<String, T> read)
      throws IOException {
    List<T> list = new ArrayList<>();
    if (json.hasToken(JsonToken.START_ARRAY)) {
      while (json.nextToken() == JsonToken.VALUE_STRING) {
        list.add(read.apply(json.getText()));
      }
    }
    if (!json.hasToken(JsonToken.END_ARRAY)) {
      throw new IllegalArgumentException(field + " must be a list of texts");
    }
    return list;
  }

  private static boolean bool(String field, JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.VALUE_TRUE) && !json.hasToken(JsonToken.VALUE_FALSE)) {
      throw new IllegalArgumentException(field + " must be true or false");
    }
    return json.getBooleanValue();
  }

  private static long whole(String field, JsonParser json) throws IOException {
    if (!json.hasToken(JsonToken.VALUE_NUMBER_INT)
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || json.getLongValue() < 1) {
      throw new IllegalArgumentException(field + " must be a whole number of at least 1");
    }
    return json.getLongValue();
  }

  /** The rules as {@link #parse} reads them; what is not set is left out. */
  public String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return text.toString();
  }

  /** Writes the same. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    write(json, "origins", origins.stream().map(AllowedOrigin::text).toList());
    if (originRequired) {
      json.writeBooleanField("require_origin", true);
    }
    write(json, "allow", allow.stream().map(Network::toString).toList());
    write(json, "deny", deny.stream().map(Network::toString).toList());
    write(json, "events_per_second", rate);
    write(json, "burst", burst);
    write(json, "monthly_quota", quota);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    if (!texts.isEmpty()) {
      json.writeArrayFieldStart(field);
      for (String text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
    }
  }

  private static void write(JsonGenerator json, String field, long number) throws IOException {
    if (number > 0) {
      json.writeNumberField(field, number);
    }
  }
}
