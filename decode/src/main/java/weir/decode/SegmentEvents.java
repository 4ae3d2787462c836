package weir.decode;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes events of the calls of one request, one by one, and hands them on. */
final class SegmentEvents implements SegmentScanner.Taker {
  private final RawRequest request;
  private final byte[] body;
  private final SegmentMapping mapping;
  private final Consumer<Decoded> taker;
  private int index;

  SegmentEvents(RawRequest request, byte[] body, SegmentMapping mapping, Consumer<Decoded> taker) {
    this.request = request;
    this.body = body;
    this.mapping = mapping;
    this.taker = taker;
  }

  @Override
  public void call(int at, SegmentCall call, int from, int to) {
    take(call, null, from, to);
  }

  @Override
  public void fault(int at, @Nullable SegmentCall call, SegmentDoor.Fault fault, int from, int to) {
    take(call, fault, from, to);
  }

  /** Takes the next call, or what is instead of it. */
  void take(@Nullable SegmentCall call, SegmentDoor.@Nullable Fault fault, int from, int to) {
    taker.accept(decoded(call, fault, from, to));
    index++;
  }

  private Decoded decoded(
      @Nullable SegmentCall call, SegmentDoor.@Nullable Fault fault, int from, int to) {
    if (fault != null) {
      return bad(call, "collect", fault, from, to);
    }
    try {
      return mapping.event(request.indexOf(index), Objects.requireNonNull(call));
    } catch (SegmentMapping.NoTimeException e) {
      SegmentDoor.Fault noTime = new SegmentDoor.Fault("invalid_timestamp", e.problem());
      return bad(call, "decode", noTime, from, to);
    }
  }

  private Decoded.Bad bad(
      @Nullable SegmentCall call, String stage, SegmentDoor.Fault fault, int from, int to) {
    return new Decoded.Bad(
        call == null ? null : SegmentMapping.eventId(call, request.id(), request.indexOf(index)),
        call == null ? null : SegmentMapping.eventName(call),
        stage,
        fault.reason(),
        fault.message(),
        Arrays.copyOfRange(body, from, to));
  }
}
