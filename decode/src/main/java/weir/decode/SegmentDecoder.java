package weir.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Segment HTTP tracking API: protocol {@code segment}.
 *
 * <p>{@code /v1/batch} and {@code /v1/import} take an object with an array {@code batch}, a bare
 * array, or lines of JSON (content-type application/x-ndjson); the paths of the single calls take
 * one object, whose type is then the path's. An event that the door quarantines decodes to a {@link
 * Decoded.Bad} of stage {@code collect} with the same reason.
 */
public final class SegmentDecoder implements Decoder {
  /** The size of one event that is allowed unless set. */
  public static final int MAX_EVENT_BYTES = 1 << 20;

  /** Decoded bodies of the raw log: the collector's own limit is lower. */
  private static final int MAX_BODY_BYTES = 1 << 30;

  private static final String DOOR = "collect";
  private static final String DECODE = "decode";

  private static final Map<String, SegmentScanner.Shape> SHAPES =
      Map.of(
          "/v1/batch", SegmentScanner.Shape.BATCH,
          "/v1/import", SegmentScanner.Shape.BATCH,
          "/v1/track", SegmentScanner.Shape.SINGLE,
          "/v1/page", SegmentScanner.Shape.SINGLE,
          "/v1/screen", SegmentScanner.Shape.SINGLE,
          "/v1/identify", SegmentScanner.Shape.SINGLE,
          "/v1/group", SegmentScanner.Shape.SINGLE,
          "/v1/alias", SegmentScanner.Shape.SINGLE);

  private final int maxEventBytes;

  public SegmentDecoder() {
    this(MAX_EVENT_BYTES);
  }

  /**
   * @param maxEventBytes an event of more bytes is quarantined
   */
  public SegmentDecoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  @Override
  public String protocol() {
    return "segment";
  }

  @Override
  public Set<String> paths() {
    return SHAPES.keySet();
  }

  @Override
  public Inspection inspect(String path, @Nullable String contentType, byte[] body) {
    Quarantine quarantine = new Quarantine();
    SegmentScanner scanner =
        new SegmentScanner(body, typeOf(path), maxEventBytes, false, quarantine);
    try {
      scanner.scan(shape(path, contentType));
    } catch (MalformedException e) {
      return new Inspection.Malformed(e.problem());
    }
    return new Inspection.Readable(scanner.events(), scanner.writeKey(), quarantine.found);
  }

  @Override
  public List<Decoded> decode(RawRequest request) {
    byte[] body;
    try {
      body =
          ContentEncoding.of(request.header("content-encoding"))
              .decode(request.body(), MAX_BODY_BYTES);
    } catch (ContentEncodingException e) {
      return unreadable(request, e.problem());
    }
    Calls calls = new Calls();
    SegmentScanner scanner =
        new SegmentScanner(body, typeOf(request.path()), maxEventBytes, true, calls);
    try {
      scanner.scan(shape(request.path(), request.header("content-type")));
    } catch (MalformedException e) {
      return unreadable(request, e.problem());
    }
    if (scanner.events() != request.events()) {
      return unreadable(
          request,
          "the request was accepted with "
              + request.events()
              + " events and decodes to "
              + scanner.events());
    }
    return calls.decoded(request, body, scanner);
  }

  private static SegmentScanner.Shape shape(String path, @Nullable String contentType) {
    SegmentScanner.Shape shape = SHAPES.get(path);
    if (shape == null) {
      throw new IllegalArgumentException("not a path of the Segment API: " + path);
    }
    return shape == SegmentScanner.Shape.BATCH && isLines(contentType)
        ? SegmentScanner.Shape.LINES
        : shape;
  }

  private static boolean isLines(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "application/x-ndjson", "application/ndjson", "application/jsonl" -> true;
      default -> false;
    };
  }

  private static @Nullable CallType typeOf(String path) {
    return CallType.named(path.substring(path.lastIndexOf('/') + 1));
  }

  /**
   * As many bad events as the collector accepted, for a request that it could read and that cannot
   * be read now; the first holds the body.
   */
  private static List<Decoded> unreadable(RawRequest request, String message) {
    List<Decoded> all = new ArrayList<>(request.events());
    for (int i = 0; i < request.events(); i++) {
      byte[] payload = i == 0 ? request.body() : new byte[0];
      all.add(
          new Decoded.Bad(
              null,
              null,
              DECODE,
              "unreadable_request",
              message + "; event " + i + " of the request, the first of which holds its body",
              payload));
    }
    return all;
  }

  /** At the door: only what is wrong. */
  private static final class Quarantine implements SegmentScanner.Taker {
    private List<Inspection.Quarantined> found = List.of();

    @Override
    public void call(int index, SegmentCall call, int from, int to) {}

    @Override
    public void fault(
        int index, @Nullable SegmentCall call, SegmentDoor.Fault fault, int from, int to) {
      if (found.isEmpty()) {
        found = new ArrayList<>();
      }
      found.add(new Inspection.Quarantined(index, fault.reason()));
    }
  }

  /** Keeps the calls until the batch around them is known. */
  private static final class Calls implements SegmentScanner.Taker {
    private record Taken(
        @Nullable SegmentCall call, SegmentDoor.@Nullable Fault fault, int from, int to) {}

    private final List<Taken> all = new ArrayList<>();

    @Override
    public void call(int index, SegmentCall call, int from, int to) {
      all.add(new Taken(call, null, from, to));
    }

    @Override
    public void fault(
        int index, @Nullable SegmentCall call, SegmentDoor.Fault fault, int from, int to) {
      all.add(new Taken(call, fault, from, to));
    }

    List<Decoded> decoded(RawRequest request, byte[] body, SegmentScanner scanner) {
      SegmentMapping mapping = new SegmentMapping(request, scanner);
      List<Decoded> decoded = new ArrayList<>(all.size());
      for (int i = 0; i < all.size(); i++) {
        decoded.add(decode(i, all.get(i), request, body, mapping));
      }
      return decoded;
    }

    private static Decoded decode(
        int index, Taken taken, RawRequest request, byte[] body, SegmentMapping mapping) {
      SegmentCall call = taken.call;
      if (taken.fault != null) {
        return bad(index, taken, DOOR, taken.fault, request, body);
      }
      try {
        return mapping.event(index, Objects.requireNonNull(call));
      } catch (SegmentMapping.NoTimeException e) {
        return bad(
            index,
            taken,
            DECODE,
            new SegmentDoor.Fault("invalid_timestamp", e.problem()),
            request,
            body);
      }
    }

    private static Decoded.Bad bad(
        int index,
        Taken taken,
        String stage,
        SegmentDoor.Fault fault,
        RawRequest request,
        byte[] body) {
      SegmentCall call = taken.call;
      return new Decoded.Bad(
          call == null ? null : SegmentMapping.eventId(call, request.id(), index),
          call == null ? null : SegmentMapping.eventName(call),
          stage,
          fault.reason(),
          fault.message(),
          Arrays.copyOfRange(body, taken.from, taken.to));
    }
  }
}
