package weir.decode;

import com.github.luben.zstd.Zstd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weir.event.EventHash;

/**
 * Deals requests out to the partitions of the raw log: each event goes where the hash of its
 * project and id says, so that one partition sees every copy of it, whatever requests and
 * collectors they come by. An event without an id goes by the one that is made for it.
 *
 * <p>A request whose ids nobody knows yet goes whole where the hash of its write key says: copies
 * that come by the same key still meet.
 */
public final class RequestParts {
  private static final String ENCODING = "content-encoding";
  private static final int LARGE = 256 << 10;
  private static final int ZSTD_LEVEL = 1;

  private RequestParts() {}

  /**
   * What one partition gets of a request.
   *
   * @param partition from 0
   */
  public record Part(int partition, RawRequest request) {}

  /**
   * The parts of a request, at most one for each partition; the request itself where there is but
   * one.
   *
   * @param request one with an event at least
   * @param spans its events, as {@link Decoder#outline} has found them
   * @param partitions how many there are
   */
  public static List<Part> of(RawRequest request, Optional<EventSpans> spans, int partitions) {
    if (spans.isEmpty()) {
      return List.of(new Part(partition(request, request.key(), partitions), request));
    }
    EventSpans events = spans.get();
    if (events.count() != request.events()) {
      throw new IllegalArgumentException(
          events.count() + " events of a request with " + request.events());
    }
    int[] partitionOf = new int[events.count()];
    int[] counts = new int[partitions];
    for (int i = 0; i < partitionOf.length; i++) {
      partitionOf[i] = partition(request, id(request, events, i), partitions);
      counts[partitionOf[i]]++;
    }
    if (counts[partitionOf[0]] == partitionOf.length) {
      return List.of(new Part(partitionOf[0], request));
    }
    return parts(request, events, partitionOf, counts);
  }

  private static int partition(RawRequest request, String id, int partitions) {
    return EventHash.of(request.project(), id).partition(partitions);
  }

  private static String id(RawRequest request, EventSpans events, int index) {
    @Nullable String sent = events.id(index);
    return sent != null ? sent : RequestEventId.of(request.id(), request.indexOf(index));
  }

  private static List<Part> parts(
      RawRequest request, EventSpans events, int[] partitionOf, int[] counts) {
    int[][] indexes = new int[counts.length][];
    Arrays.setAll(indexes, partition -> new int[counts[partition]]);
    int[] filled = new int[counts.length];
    for (int i = 0; i < partitionOf.length; i++) {
      int partition = partitionOf[i];
      indexes[partition][filled[partition]++] = i;
    }
    List<Part> parts = new ArrayList<>();
    for (int partition = 0; partition < counts.length; partition++) {
      if (counts[partition] > 0) {
        parts.add(new Part(partition, part(request, events, indexes[partition])));
      }
    }
    return parts;
  }

  /**
   * A part is cut out of the body without its content-encoding, and has none, unless it is so large
   * that a log which takes the request might not take its part.
   */
  private static RawRequest part(RawRequest request, EventSpans events, int[] indexes) {
    byte[] body = events.part(indexes);
    List<Header> headers = new ArrayList<>();
    for (Header header : request.headers()) {
      if (!header.name().equals(ENCODING)) {
        headers.add(header);
      }
    }
    if (body.length > LARGE && body.length > request.body().length) {
      body = Zstd.compress(body, ZSTD_LEVEL);
      headers.add(new Header(ENCODING, "zstd"));
    }
    int[] places = indexes.clone();
    Arrays.setAll(places, i -> request.indexOf(indexes[i]));
    return request.part(places, headers, body);
  }
}
