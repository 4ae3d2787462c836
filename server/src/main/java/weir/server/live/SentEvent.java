package weir.server.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import weir.decode.ContentEncoding;
import weir.decode.ContentEncodingException;
import weir.decode.Decoder;
import weir.decode.Decoders;
import weir.decode.RawRequest;
import weir.decode.RequestHead;
import weir.decode.SegmentDecoder;

/** Cuts one event out of the request that brought it, byte for byte as the client wrote it. */
final class SentEvent {
  private static final Set<String> MANY = Set.of("/v1/batch", "/v1/b", "/v1/import");
  private static final Set<String> LISTS = Set.of("batch", "events", "data");
  private static final Map<String, Decoder> DECODERS =
      Decoders.all(SegmentDecoder.MAX_EVENT_BYTES).stream()
          .collect(Collectors.toMap(Decoder::protocol, Function.identity()));
  private static final JsonFactory JSON = new JsonFactory();

  private SentEvent() {}

  /**
   * The event's text; of a request that cannot be read in its shape, the whole body.
   *
   * @param index the event's index in the request
   * @param limit decodes up to so many bytes, as the collector has when it took the request
   */
  static String text(RawRequest request, int index, int limit) {
    byte[] body;
    try {
      body = ContentEncoding.of(request.header("content-encoding")).decode(request.body(), limit);
      Decoder decoder = DECODERS.get(request.protocol());
      body = decoder == null ? body : decoder.unwrapped(RequestHead.of(request), body, limit);
    } catch (ContentEncodingException e) {
      return new String(request.body(), StandardCharsets.UTF_8);
    }
    if (request.protocol().equals("webhook") && !whole(body).stripLeading().startsWith("[")) {
      return whole(body).strip(); // one event, whatever lists it has
    }
    boolean segment = request.protocol().equals("segment");
    if (segment && !MANY.contains(request.path())) {
      return whole(body).strip();
    }
    if (segment && isLines(request)) {
      String whole = whole(body);
      return whole
          .lines()
          .filter(line -> !line.isBlank())
          .skip(index)
          .findFirst()
          .orElse(whole)
          .strip();
    }
    try {
      return element(body, index);
    } catch (IOException e) {
      return whole(body);
    }
  }

  private static String whole(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static boolean isLines(RawRequest request) {
    String type = request.header("content-type");
    String folded = type == null ? "" : type.toLowerCase(Locale.ROOT);
    return folded.contains("ndjson") || folded.contains("jsonl");
  }

  private static String element(byte[] body, int index) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        for (String field = json.nextFieldName(); ; field = json.nextFieldName()) {
          if (field == null) {
            return whole(body);
          }
          json.nextToken();
          if (LISTS.contains(field) && json.hasToken(JsonToken.START_ARRAY)) {
            break;
          }
          json.skipChildren();
        }
      }
      if (!json.hasToken(JsonToken.START_ARRAY)) {
        return whole(body);
      }
      json.nextToken();
      for (int i = 0; i < index && !json.hasToken(JsonToken.END_ARRAY); i++) {
        json.skipChildren();
        json.nextToken();
      }
      return json.hasToken(JsonToken.END_ARRAY) ? whole(body) : current(json, body);
    }
  }

  private static String current(JsonParser json, byte[] body) throws IOException {
    if (!json.currentToken().isStructStart()) {
      return json.getText();
    }
    int from = (int) json.currentTokenLocation().getByteOffset();
    json.skipChildren();
    json.finishToken();
    int to = (int) json.currentLocation().getByteOffset();
    return new String(body, from, to - from, StandardCharsets.UTF_8);
  }
}
