package weir.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Segment HTTP tracking API: protocol {@code segment}.
 *
 * <p>{@code /v1/batch} and {@code /v1/import} take an object with an array {@code batch}, a bare
 * array, or lines of JSON (content-type application/x-ndjson); the paths of the single calls take
 * one object, whose type is then the path's. The browser SDK shortens each to its first letter. An
 * event that the door quarantines decodes to a {@link Decoded.Bad} of stage {@code collect} with
 * the same reason.
 */
public final class SegmentDecoder implements Decoder {
  /** The size of one event that is allowed unless set. */
  public static final int MAX_EVENT_BYTES = 1 << 20;

  /** The calls of a body of so many bytes are held at once; those of larger ones are read twice. */
  private static final int HELD_BODY_BYTES = 512 << 10;

  private static final Map<String, SegmentScanner.Shape> SHAPES =
      Map.ofEntries(
          Map.entry("/v1/batch", SegmentScanner.Shape.BATCH),
          Map.entry("/v1/import", SegmentScanner.Shape.BATCH),
          Map.entry("/v1/b", SegmentScanner.Shape.BATCH),
          Map.entry("/v1/track", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/t", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/page", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/p", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/screen", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/s", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/identify", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/i", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/group", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/g", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/alias", SegmentScanner.Shape.SINGLE),
          Map.entry("/v1/a", SegmentScanner.Shape.SINGLE));

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
  public Set<String> getPaths() {
    return Set.of();
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return Reply.STANDARD;
  }

  @Override
  public Inspection inspect(RequestHead head, byte[] body) {
    try {
      return mending(body, text -> inspected(head, text, new Quarantine()));
    } catch (MalformedException e) {
      return new Inspection.Malformed(e.problem());
    }
  }

  private Inspection inspected(RequestHead head, byte[] text, Quarantine quarantine)
      throws MalformedException {
    SegmentScanner scanner =
        new SegmentScanner(
            text, typeOf(head.path()), maxEventBytes, SegmentScanner.Depth.DOOR, quarantine);
    scanner.scan(shape(head.path(), head.contentType()));
    return new Inspection.Readable(scanner.events(), scanner.writeKey(), quarantine.found);
  }

  @Override
  public Outline outline(RequestHead head, byte[] body) {
    boolean lines = shape(head.path(), head.contentType()) == SegmentScanner.Shape.LINES;
    try {
      return mending(
          body,
          text -> {
            Spans spans = new Spans(new EventSpans(body, lines ? '\n' : ','));
            return new Outline(inspected(head, text, spans), Optional.of(spans.all));
          });
    } catch (MalformedException e) {
      return new Outline(new Inspection.Malformed(e.problem()), Optional.empty());
    }
  }

  /** Reads a body, and what cannot be read once more without its half surrogate pairs. */
  private interface Reading<T> {
    T of(byte[] text) throws MalformedException;
  }

  private static <T> T mending(byte[] body, Reading<T> reading) throws MalformedException {
    try {
      return reading.of(body);
    } catch (MalformedException e) {
      byte[] mended = HalfPairs.mended(body, 0, body.length);
      if (mended == body) {
        throw e;
      }
      return reading.of(mended);
    }
  }

  @Override
  public void decode(RawRequest request, byte[] body, Consumer<Decoded> taker) {
    try {
      mending(
          body,
          text -> {
            if (body.length <= HELD_BODY_BYTES) {
              decodeHeld(request, body, text, taker);
            } else {
              decodeFlowing(request, body, text, taker);
            }
            return true;
          });
    } catch (MalformedException e) {
      WalkingDecoder.unreadable(request, e.problem(), taker);
    }
  }

  /**
   * @param body what was sent
   * @param text what is read
   */
  private void decodeHeld(RawRequest request, byte[] body, byte[] text, Consumer<Decoded> taker)
      throws MalformedException {
    Calls calls = new Calls();
    SegmentScanner scanner = scan(request, text, SegmentScanner.Depth.ALL, calls);
    if (!WalkingDecoder.counts(request, scanner.events(), taker)) {
      return;
    }
    SegmentEvents events =
        new SegmentEvents(request, body, new SegmentMapping(request, scanner), taker);
    for (Taken taken : calls.all) {
      events.take(taken.call, taken.fault, taken.from, taken.to);
    }
  }

  /** Whether the body can be read, and what it says of all events, is known before the first. */
  private void decodeFlowing(RawRequest request, byte[] body, byte[] text, Consumer<Decoded> taker)
      throws MalformedException {
    SegmentScanner batch = scan(request, text, SegmentScanner.Depth.DOOR, new Passed());
    if (!WalkingDecoder.counts(request, batch.events(), taker)) {
      return;
    }
    if (batch.shares()) {
      batch = scan(request, text, SegmentScanner.Depth.SHARED, new Passed());
    }
    SegmentMapping mapping = new SegmentMapping(request, batch);
    try {
      scan(
          request,
          text,
          SegmentScanner.Depth.ALL,
          new SegmentEvents(request, body, mapping, taker));
    } catch (MalformedException e) {
      throw new IllegalStateException("read once and not again: " + e.problem(), e);
    }
  }

  private SegmentScanner scan(
      RawRequest request, byte[] body, SegmentScanner.Depth depth, SegmentScanner.Taker taker)
      throws MalformedException {
    SegmentScanner scanner =
        new SegmentScanner(body, typeOf(request.path()), maxEventBytes, depth, taker);
    scanner.scan(shape(request.path(), request.header("content-type")));
    return scanner;
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
    return switch (MediaType.of(contentType)) {
      case "application/x-ndjson", "application/ndjson", "application/jsonl" -> true;
      default -> false;
    };
  }

  private static @Nullable CallType typeOf(String path) {
    return CallType.ofPath(path.substring(path.lastIndexOf('/') + 1));
  }

  /** At the door: only what is wrong. */
  private static class Quarantine implements SegmentScanner.Taker {
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

  /** That, and where each call lies. */
  private static final class Spans extends Quarantine {
    private final EventSpans all;

    Spans(EventSpans all) {
      this.all = all;
    }

    @Override
    public void call(int index, SegmentCall call, int from, int to) {
      all.add(call.messageId(), from, to);
    }

    @Override
    public void fault(
        int index, @Nullable SegmentCall call, SegmentDoor.Fault fault, int from, int to) {
      super.fault(index, call, fault, from, to);
      all.add(call == null ? null : call.messageId(), from, to);
    }
  }

  private record Taken(
      @Nullable SegmentCall call, SegmentDoor.@Nullable Fault fault, int from, int to) {}

  /** Keeps the calls until the batch around them is known. */
  private static final class Calls implements SegmentScanner.Taker {
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
  }

  /** Keeps nothing. */
  private static final class Passed implements SegmentScanner.Taker {
    @Override
    public void call(int index, SegmentCall call, int from, int to) {}

    @Override
    public void fault(
        int index, @Nullable SegmentCall call, SegmentDoor.Fault fault, int from, int to) {}
  }
}
