package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weir.event.EventColumn;
import weir.event.EventHash;

/**
 * Splits requests and compares: the parts decode to what the whole does, event by event, and each
 * event is in the partition of its id.
 */
final class Splitting {
  private static final int LIMIT = 40 << 20;

  private Splitting() {}

  /** What must hold for a request of any content, split among some number of partitions. */
  static void check(Decoder decoder, RawRequest sent, Random random) {
    byte[] body;
    try {
      body = unwrapped(decoder, sent);
    } catch (ContentEncodingException e) {
      return;
    }
    RequestHead head = RequestHead.of(sent);
    Inspection seen = decoder.inspect(head, body);
    Outline outline = decoder.outline(head, body);
    assertThat(outline.inspection()).isEqualTo(seen);
    if (!(seen instanceof Inspection.Readable readable)) {
      assertThat(outline.spans()).isEmpty();
      return;
    }
    if (readable.events() == 0) {
      return;
    }
    RawRequest whole = accepted(sent, new UUID(random.nextLong(), 7), readable.events());
    int partitions = 1 + random.nextInt(16);
    compare(decoder, whole, decoded(decoder, whole), outline.spans(), partitions);
  }

  private static void compare(
      Decoder decoder,
      RawRequest whole,
      List<Decoded> expected,
      Optional<EventSpans> spans,
      int partitions) {
    List<RequestParts.Part> parts = RequestParts.of(whole, spans, partitions);
    if (spans.isEmpty()) {
      assertThat(parts).hasSize(1);
      assertThat(parts.getFirst().request()).isSameAs(whole);
      assertThat(parts.getFirst().partition())
          .isEqualTo(EventHash.of(whole.project(), whole.key()).partition(partitions));
      return;
    }
    boolean[] found = new boolean[expected.size()];
    boolean[] used = new boolean[partitions];
    for (RequestParts.Part part : parts) {
      assertThat(used[part.partition()]).isFalse();
      used[part.partition()] = true;
      RawRequest stored =
          new RawRequestCodec().decode(new RawRequestCodec().encode(part.request()));
      List<Decoded> decoded = decoded(decoder, stored);
      assertThat(decoded).hasSize(stored.events());
      for (int i = 0; i < decoded.size(); i++) {
        int index = stored.indexOf(i);
        require(!found[index], "twice");
        found[index] = true;
        require(i == 0 || stored.indexOf(i - 1) < index, "out of order");
        assertSame(decoded.get(i), expected.get(index));
        String id = id(decoded.get(i));
        String ofHash = id != null ? id : RequestEventId.of(whole.id(), index);
        int partition = EventHash.of(whole.project(), ofHash).partition(partitions);
        require(partition == part.partition(), "in another partition");
      }
    }
    assertThat(found).doesNotContain(false);
    assertThat(parts.size() > 1 || parts.getFirst().request() == whole).isTrue();
  }

  private static void require(boolean held, String otherwise) {
    if (!held) {
      throw new AssertionError("an event is " + otherwise);
    }
  }

  private static @Nullable String id(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Event event -> String.valueOf(event.columns().get(EventColumn.EVENT_ID));
      case Decoded.Bad bad -> bad.eventId();
    };
  }

  /** Equal in every field, and the properties in the same order. */
  private static void assertSame(Decoded part, Decoded whole) {
    switch (part) {
      case Decoded.Event event -> {
        if (!event.equals(whole) || !event.toString().equals(whole.toString())) {
          assertThat(event.toString()).isEqualTo(whole.toString());
          assertThat(event).isEqualTo(whole);
        }
      }
      case Decoded.Bad bad -> {
        Decoded.Bad other = (Decoded.Bad) whole;
        if (!Arrays.equals(bad.payload(), other.payload())
            || !without(bad).equals(without(other))) {
          assertThat(without(bad)).isEqualTo(without(other));
          assertThat(bad.payload()).isEqualTo(other.payload());
        }
      }
    }
  }

  private static List<@Nullable String> without(Decoded.Bad bad) {
    return Arrays.asList(bad.eventId(), bad.event(), bad.stage(), bad.reason(), bad.message());
  }

  private static RawRequest accepted(RawRequest sent, UUID id, int events) {
    return new RawRequest(
        id,
        sent.protocol(),
        sent.project(),
        sent.source(),
        sent.key(),
        sent.address(),
        sent.receivedAt(),
        sent.path(),
        sent.query(),
        events,
        sent.headers(),
        sent.body());
  }

  static byte[] body(Decoder decoder, RawRequest request) {
    try {
      return unwrapped(decoder, request);
    } catch (ContentEncodingException e) {
      throw new IllegalStateException(e.problem(), e);
    }
  }

  private static byte[] unwrapped(Decoder decoder, RawRequest request)
      throws ContentEncodingException {
    byte[] body =
        ContentEncoding.of(request.header("content-encoding")).decode(request.body(), LIMIT);
    return decoder.unwrapped(RequestHead.of(request), body, LIMIT);
  }

  private static List<Decoded> decoded(Decoder decoder, RawRequest request) {
    List<Decoded> all = new ArrayList<>();
    decoder.decode(request, body(decoder, request), all::add);
    return all;
  }
}
