package weir.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A decoder whose door and whose events come of one walk over the request, so that they cannot
 * differ in how many events there are and which of them are quarantined. An event that the door
 * quarantines decodes to a {@link Decoded.Bad} of stage {@code collect} with the same reason.
 *
 * @param <E> an event as the walk has read it
 */
abstract class WalkingDecoder<E extends WalkedEvent> implements Decoder {
  /** The events of a body of so many bytes are held at once; larger ones are walked twice. */
  private static final int HELD_BODY_BYTES = 512 << 10;

  /** Takes what a walk finds, in order. */
  interface Taker<E> {
    /**
     * One event.
     *
     * @param event null where it could not be read as one
     * @param fault why it cannot become an event, as far as the collector can see; null if it can
     * @param source holds the event from the one offset to the other
     */
    void take(
        @Nullable E event, SegmentDoor.@Nullable Fault fault, byte[] source, int from, int to);
  }

  /**
   * Walks a request.
   *
   * @param full whether more is to be read than what the door asks for
   * @return the write key that the request names beside the usual places
   * @throws MalformedException if the request as a whole cannot be read; what the taker got until
   *     then is void. A {@link JsonProcessingException} means the same
   */
  abstract @Nullable String walk(RequestHead head, byte[] body, boolean full, Taker<E> taker)
      throws IOException, MalformedException;

  /**
   * Builds an event of what a full walk has read.
   *
   * @param index where it stood in the client's request
   * @throws UnusableEventException if the door could not see that it is none
   */
  abstract Decoded.Event event(RawRequest request, int index, E read) throws UnusableEventException;

  /** What is kept of an event that cannot be built; the source that it was read of. */
  byte[] payload(RawRequest request, int index, E read, byte[] source, int from, int to) {
    return Arrays.copyOfRange(source, from, to);
  }

  @Override
  public Inspection inspect(RequestHead head, byte[] body) {
    try {
      return inspected(head, body, new Door<>());
    } catch (MalformedException first) {
      byte[] mended = HalfPairs.mended(body, 0, body.length);
      return mended == body ? new Inspection.Malformed(first.problem()) : inspect(head, mended);
    }
  }

  private Inspection inspected(RequestHead head, byte[] text, Door<E> door)
      throws MalformedException {
    String writeKey = reading(head, text, false, door);
    return new Inspection.Readable(door.events, writeKey, door.quarantined);
  }

  @Override
  public Outline outline(RequestHead head, byte[] body) {
    byte[] text = body;
    while (true) {
      try {
        Spans<E> spans = new Spans<>(new EventSpans(body, ','));
        Inspection found = inspected(head, text, spans);
        return new Outline(found, Optional.of(spans.all));
      } catch (MalformedException e) {
        byte[] mended = HalfPairs.mended(text, 0, text.length);
        if (mended == text) {
          return new Outline(new Inspection.Malformed(e.problem()), Optional.empty());
        }
        text = mended;
      }
    }
  }

  @Override
  public final void decode(RawRequest request, byte[] body, Consumer<Decoded> taker) {
    RequestHead head = RequestHead.of(request);
    try {
      if (body.length <= HELD_BODY_BYTES) {
        decodeHeld(request, head, body, taker);
      } else {
        decodeFlowing(request, head, body, taker);
      }
    } catch (MalformedException e) {
      unreadable(request, e.problem(), taker);
    }
  }

  private void decodeHeld(
      RawRequest request, RequestHead head, byte[] body, Consumer<Decoded> taker)
      throws MalformedException {
    List<Decoded> held = new ArrayList<>(Math.min(request.events(), SegmentScanner.MAX_EVENTS));
    try {
      reading(head, body, true, new Building(request, body, body, held::add));
    } catch (MalformedException e) {
      byte[] mended = mended(body, e);
      held.clear();
      reading(head, mended, true, new Building(request, body, mended, held::add));
    }
    if (counts(request, held.size(), taker)) {
      held.forEach(taker);
    }
  }

  private void decodeFlowing(
      RawRequest request, RequestHead head, byte[] body, Consumer<Decoded> taker)
      throws MalformedException {
    byte[] text = body;
    Door<E> door = new Door<>();
    try {
      reading(head, text, false, door);
    } catch (MalformedException e) {
      text = mended(body, e);
      door = new Door<>();
      reading(head, text, false, door);
    }
    if (counts(request, door.events, taker)) {
      reading(head, text, true, new Building(request, body, text, taker));
    }
  }

  /** The body without half surrogate pairs, which would cost all of it. */
  private static byte[] mended(byte[] body, MalformedException why) throws MalformedException {
    byte[] mended = HalfPairs.mended(body, 0, body.length);
    if (mended == body) {
      throw why;
    }
    return mended;
  }

  private @Nullable String reading(RequestHead head, byte[] body, boolean full, Taker<E> taker)
      throws MalformedException {
    try {
      return walk(head, body, full, taker);
    } catch (JsonProcessingException e) {
      throw MalformedException.notJson("the body", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a request has as many events as were accepted; if not, all of it is unreadable. */
  static boolean counts(RawRequest request, int found, Consumer<Decoded> taker) {
    if (found == request.events()) {
      return true;
    }
    String message = "the request was accepted with " + request.events() + " events";
    unreadable(request, message + " and decodes to " + found, taker);
    return false;
  }

  /** As many bad events as the collector accepted; the first holds the body. */
  static void unreadable(RawRequest request, String why, Consumer<Decoded> taker) {
    for (int i = 0; i < request.events(); i++) {
      byte[] payload = i == 0 ? request.body() : new byte[0];
      String message = why + "; event " + i + " of the request, the first of which holds its body";
      taker.accept(new Decoded.Bad(null, null, "decode", "unreadable_request", message, payload));
    }
  }

  /** Only what is wrong. */
  private static class Door<E> implements Taker<E> {
    private int events;
    private List<Inspection.Quarantined> quarantined = List.of();

    @Override
    public void take(
        @Nullable E event, SegmentDoor.@Nullable Fault fault, byte[] source, int from, int to) {
      if (fault != null) {
        quarantined = quarantined.isEmpty() ? new ArrayList<>() : quarantined;
        quarantined.add(new Inspection.Quarantined(events, fault.reason()));
      }
      events++;
    }
  }

  /** That, and where each event lies. */
  private static final class Spans<E extends WalkedEvent> extends Door<E> {
    private final EventSpans all;

    Spans(EventSpans all) {
      this.all = all;
    }

    @Override
    public void take(
        @Nullable E event, SegmentDoor.@Nullable Fault fault, byte[] source, int from, int to) {
      super.take(event, fault, source, from, to);
      all.add(event == null ? null : event.id(), from, to);
    }
  }

  /** Builds each event as it comes. */
  private final class Building implements Taker<E> {
    private final RawRequest request;
    private final byte[] sent;
    private final byte[] text;
    private final Consumer<Decoded> taker;
    private int taken;

    /**
     * @param sent the body
     * @param text what is read of it, of the same length
     */
    Building(RawRequest request, byte[] sent, byte[] text, Consumer<Decoded> taker) {
      this.request = request;
      this.sent = sent;
      this.text = text;
      this.taker = taker;
    }

    @Override
    public void take(
        @Nullable E event, SegmentDoor.@Nullable Fault fault, byte[] source, int from, int to) {
      byte[] original = source == text ? sent : source;
      taker.accept(decoded(event, fault, original, from, to, request.indexOf(taken)));
      taken++;
    }

    private Decoded decoded(
        @Nullable E event,
        SegmentDoor.@Nullable Fault fault,
        byte[] source,
        int from,
        int to,
        int index) {
      if (fault != null) {
        return bad(event, "collect", fault, Arrays.copyOfRange(source, from, to), index);
      }
      try {
        return event(request, index, Objects.requireNonNull(event));
      } catch (UnusableEventException e) {
        byte[] payload = payload(request, index, Objects.requireNonNull(event), source, from, to);
        return bad(event, "decode", e.fault(), payload, index);
      }
    }

    private Decoded.Bad bad(
        @Nullable E event, String stage, SegmentDoor.Fault fault, byte[] payload, int index) {
      String id = event == null ? null : event.id();
      return new Decoded.Bad(
          id != null || event == null ? id : RequestEventId.of(request.id(), index),
          event == null ? null : event.name(),
          stage,
          fault.reason(),
          fault.message(),
          payload);
    }
  }
}
