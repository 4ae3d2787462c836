package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests of services that call a URL when something happens: protocol {@code webhook}. A body is
 * one event, a JSON object or a form, or an array of such objects. What of it is the event's name,
 * time and so on is said by the mapping of the webhook, which {@link RawRequest#key} names.
 *
 * <p>How many events there are depends on the body alone, so that a mapping can be changed between
 * receipt and decoding.
 */
public final class WebhookDecoder extends WalkingDecoder<WebhookCall>
    implements HeaderReading, Addressed {
  static final String ROOT = "/hook";
  static final String REPLAYED = "/hook/replay";

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Set<String> KEPT =
      Set.of("x-", "webhook-", "stripe-", "idempotency-key", "ce-", "svix-");
  private static final Set<String> SECRET =
      Set.of("signature", "hmac", "token", "secret", "auth", "api-key", "apikey", "password");

  private final int maxEventBytes;
  private final Function<String, Optional<WebhookMapping>> mappings;

  /**
   * One that decodes.
   *
   * @param maxEventBytes an event of more bytes is quarantined
   * @param mappings by the webhook's id; must be fast
   */
  public WebhookDecoder(int maxEventBytes, Function<String, Optional<WebhookMapping>> mappings) {
    this.maxEventBytes = maxEventBytes;
    this.mappings = mappings;
  }

  /** One for the door, which asks for no mapping. */
  public static WebhookDecoder atDoor(int maxEventBytes) {
    return new WebhookDecoder(maxEventBytes, id -> Optional.empty());
  }

  @Override
  public String protocol() {
    return "webhook";
  }

  @Override
  public Set<String> paths() {
    return Set.of();
  }

  @Override
  public Set<String> getPaths() {
    return Set.of();
  }

  @Override
  public String root() {
    return ROOT;
  }

  @Override
  public String replayed() {
    return REPLAYED;
  }

  @Override
  public Set<String> headerPrefixes() {
    return KEPT;
  }

  /** What opens something, and what the proxies on the way have added, is not kept. */
  @Override
  public boolean keepsHeader(String name) {
    return HeaderReading.super.keepsHeader(name)
        && !name.startsWith("x-forwarded")
        && !name.equals("x-real-ip")
        && SECRET.stream().noneMatch(name::contains);
  }

  @Override
  public boolean takesAnyMediaType() {
    return true;
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return Reply.STANDARD;
  }

  /** Which ids its events will have, their mapping says when they are decoded. */
  @Override
  public Outline outline(RequestHead head, byte[] body) {
    return new Outline(inspect(head, body), Optional.empty());
  }

  @Override
  @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<WebhookCall> taker)
      throws IOException, MalformedException {
    boolean replayed = head.path().equals(REPLAYED);
    if (!replayed && MediaType.of(head.contentType()).equals(FORM)) {
      byte[] json = ofForm(body);
      take(new WebhookCall(json, 0, json.length, false), json, 0, json.length, taker);
      return null;
    }
    JsonDocument.requireUtf8(body);
    try (JsonBody json = JsonDocument.open(body)) {
      JsonToken first = json.next();
      if (first == JsonToken.START_ARRAY) {
        for (int events = 0; json.nextInArray(); events++) {
          JsonDocument.requireRoom(events);
          walkEvent(json, body, replayed, taker);
        }
      } else if (first == JsonToken.START_OBJECT && !replayed) {
        walkEvent(json, body, false, taker);
      } else {
        throw new MalformedException("the body must be a JSON object, an array of them, or a form");
      }
      JsonDocument.requireEnd(json);
    }
    return null;
  }

  private void walkEvent(JsonBody json, byte[] body, boolean replayed, Taker<WebhookCall> taker)
      throws IOException {
    int from = json.start();
    if (!json.isObject()) {
      taker.take(null, SegmentDoor.notAnObject(), body, from, from + json.sourceBytes());
      return;
    }
    json.skip();
    take(new WebhookCall(body, from, json.end(), replayed), body, from, json.end(), taker);
  }

  private void take(WebhookCall call, byte[] source, int from, int to, Taker<WebhookCall> taker) {
    int limit = call.isReplayed() ? 2 * maxEventBytes : maxEventBytes;
    taker.take(
        call, to - from > limit ? SegmentDoor.tooLarge(to - from, limit) : null, source, from, to);
  }

  /**
   * A form as JSON: an object of its fields, or the JSON of its only field {@code payload}, which
   * is how some services send JSON.
   */
  private static byte[] ofForm(byte[] body) throws IOException, MalformedException {
    Map<String, Object> fields = new LinkedHashMap<>();
    PercentQuery.read(new String(body, StandardCharsets.UTF_8), fields::putIfAbsent);
    if (fields.isEmpty()) {
      throw new MalformedException("the form has no fields");
    }
    if (fields.size() == 1
        && fields.get("payload") instanceof String payload
        && payload.startsWith("{")) {
      byte[] json = Utf8.wellFormed(payload).getBytes(StandardCharsets.UTF_8);
      try (JsonBody reader = JsonDocument.open(json)) {
        reader.next();
        reader.skip();
        JsonDocument.requireEnd(reader);
      }
      return json;
    }
    return JsonText.object(fields).text().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  Decoded.Event event(RawRequest request, int index, WebhookCall call)
      throws UnusableEventException {
    WebhookMapping mapping =
        mappings
            .apply(request.key())
            .orElseThrow(
                () -> WebhookMapping.failed("there is no webhook " + request.key() + " any more"));
    return new WebhookEvent(request, index, call, mapping).event();
  }

  /** What the mapping saw, so that it can be brought again. */
  @Override
  byte[] payload(RawRequest request, int index, WebhookCall call, byte[] source, int from, int to) {
    return call.isReplayed()
        ? super.payload(request, index, call, source, from, to)
        : call.envelope(request, index);
  }
}
