package weir.decode;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Snowplow tracker protocol, version 2: protocol {@code snowplow}.
 *
 * <p>POST takes a {@code payload_data} object whose {@code data} are the events, GET one event in
 * its query. The write key may be the {@code aid} of the first event that has one. Events need no
 * person: the trackers have a mode that sends none.
 */
public final class SnowplowDecoder extends WalkingDecoder<SnowplowCall> implements HeaderReading {
  /** A tracker that sends it wants no address to be kept. */
  static final String ANONYMOUS = "sp-anonymous";

  private static final String POST_PATH = "/com.snowplowanalytics.snowplow/tp2";
  private static final Set<String> PIXELS = Set.of("/i", "/ice.png");
  private static final Set<String> PATHS = Set.of(POST_PATH, "/i", "/ice.png");
  private static final Reply OK = Reply.text("text/plain", "ok");

  private final int maxEventBytes;

  /**
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public SnowplowDecoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public String protocol() {
    return "snowplow";
  }

  @Override
  public Set<String> paths() {
    return PATHS;
  }

  @Override
  public Set<String> getPaths() {
    return PATHS;
  }

  @Override
  public Set<String> headerPrefixes() {
    return Set.of(ANONYMOUS);
  }

  @Override
  public boolean takesAnyMediaType() {
    return false;
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return PIXELS.contains(head.path()) ? Pixel.GIF : OK;
  }

  @Override
  @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<SnowplowCall> taker)
      throws IOException, MalformedException {
    return body.length == 0
        ? walkQuery(head.query(), full, taker)
        : new Batch(body, full, taker).walk();
  }

  private @Nullable String walkQuery(String query, boolean full, Taker<SnowplowCall> taker)
      throws MalformedException {
    SnowplowCall call = new SnowplowCall(full, new SnowplowContextsReader());
    PercentQuery.read(
        query,
        (name, value) -> {
          if (!name.equals("write_key")) {
            call.field(name, value);
          }
        });
    if (call.type() == null) {
      throw new MalformedException(
          "there is neither a body with payload_data nor an event in the query: its type is \"e\"");
    }
    byte[] source = query.getBytes(StandardCharsets.UTF_8);
    taker.take(call, fault(call, source.length), source, 0, source.length);
    return call.appId();
  }

  private SegmentDoor.@Nullable Fault fault(SnowplowCall call, int size) {
    return size > maxEventBytes ? SegmentDoor.tooLarge(size, maxEventBytes) : call.fault();
  }

  @Override
  Decoded.Event event(RawRequest request, int index, SnowplowCall call)
      throws UnusableEventException {
    return new SnowplowMapping(request, index, call).event();
  }

  /** The walk over one body. */
  private final class Batch {
    private final byte[] body;
    private final boolean full;
    private final Taker<SnowplowCall> taker;
    private final SnowplowContextsReader contexts = new SnowplowContextsReader();
    private int events;

    /** Where the first event begins and the last one ends. */
    private int first;

    private int last;
    private @Nullable String appId;

    Batch(byte[] body, boolean full, Taker<SnowplowCall> taker) {
      this.body = body;
      this.full = full;
      this.taker = taker;
    }

    @Nullable String walk() throws IOException, MalformedException {
      JsonDocument.requireUtf8(body);
      try (JsonBody json = JsonDocument.open(body)) {
        if (json.next() != JsonToken.START_OBJECT) {
          throw new MalformedException(
              "the body must be an object with an array \"data\" of events, as payload_data has it");
        }
        boolean found = false;
        for (String field = json.nextField(); field != null; field = json.nextField()) {
          if (!field.equals("data")) {
            json.skip();
          } else if (found || !json.isArray()) {
            throw new MalformedException("\"data\" must be one array of events");
          } else {
            found = true;
            walkEvents(json);
          }
        }
        if (!found) {
          throw new MalformedException("the object has no \"data\": send {\"data\":[...]}");
        }
        JsonDocument.requireEnd(json);
        requireSmall(body.length - (last - first));
      }
      return appId;
    }

    /** Each part of a batch that is split bears what is beside its events. */
    private void requireSmall(int beside) throws MalformedException {
      if (!full && beside > maxEventBytes) {
        throw new MalformedException(
            "the body has "
                + beside
                + " bytes beside its events, of which "
                + maxEventBytes
                + " are allowed: send less with it");
      }
    }

    private void walkEvents(JsonBody json) throws IOException, MalformedException {
      while (json.next() != JsonToken.END_ARRAY) {
        JsonDocument.requireRoom(events++);
        int from = json.start();
        first = events == 1 ? from : first;
        if (json.isObject()) {
          SnowplowCall call = new SnowplowCall(full, contexts);
          call.read(json);
          appId = appId == null ? call.appId() : appId;
          last = json.end();
          taker.take(call, fault(call, last - from), body, from, last);
        } else {
          last = from + json.sourceBytes();
          taker.take(null, SegmentDoor.notAnObject(), body, from, last);
        }
      }
    }
  }
}
