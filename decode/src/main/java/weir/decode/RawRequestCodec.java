package weir.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import weir.event.AvroEnvelope;

/**
 * The raw log's encoding: requests in an {@link AvroEnvelope}, whose schemas are the resources
 * {@code raw-request-N.avsc}: 1 for whole requests, 2 for parts of them. Both are written and read
 * without Avro's generic machinery, since this is a hot path.
 *
 * <p>Holds nothing; safe for use by several threads.
 */
public final class RawRequestCodec {
  private static final int ID_LENGTH = 16;
  private static final int[] ALL = new int[0];

  private static final AvroEnvelope WHOLE = envelope("raw-request-1.avsc");
  private static final AvroEnvelope PART = envelope("raw-request-2.avsc");
  private static final byte[] WHOLE_MARK = WHOLE.mark();
  private static final byte[] PART_MARK = PART.mark();

  private static AvroEnvelope envelope(String schema) {
    return new AvroEnvelope(
        "raw-log request", RawRequestCodec.class, List.of(schema), RawFormatException::new);
  }

  /** The schema that {@link #encode} writes such a request in. */
  public static Schema schema(RawRequest request) {
    return request.indexes().length == 0 ? WHOLE.newest() : PART.newest();
  }

  /** One frame's payload. */
  public byte[] encode(RawRequest request) {
    List<byte[]> texts = new ArrayList<>(7 + 2 * request.headers().size());
    for (String text :
        new String[] {
          request.project(),
          request.source(),
          request.protocol(),
          request.key(),
          request.address(),
          request.path(),
          request.query()
        }) {
      texts.add(text.getBytes(StandardCharsets.UTF_8));
    }
    for (Header header : request.headers()) {
      texts.add(header.name().getBytes(StandardCharsets.UTF_8));
      texts.add(header.value().getBytes(StandardCharsets.UTF_8));
    }
    return write(request, texts);
  }

  private static byte[] write(RawRequest request, List<byte[]> texts) {
    int headers = request.headers().size();
    int[] indexes = request.indexes();
    int length = PART_MARK.length + ID_LENGTH + lengthOf(indexes);
    length += AvroWriter.lengthOfLong(request.receivedAt());
    length += AvroWriter.lengthOfLong(request.events());
    length += headers == 0 ? 1 : AvroWriter.lengthOfLong(headers) + 1;
    for (byte[] text : texts) {
      length = Math.addExact(length, AvroWriter.lengthOfBytes(text));
    }
    AvroWriter out =
        new AvroWriter(Math.addExact(length, AvroWriter.lengthOfBytes(request.body())));
    out.fixed(indexes.length == 0 ? WHOLE_MARK : PART_MARK);
    out.writeBytes(texts.get(0));
    out.writeBytes(texts.get(1));
    out.writeLong(request.receivedAt());
    out.writeLong(request.events());
    out.fixedLong(request.id().getMostSignificantBits());
    out.fixedLong(request.id().getLeastSignificantBits());
    for (byte[] text : texts.subList(2, 7)) {
      out.writeBytes(text);
    }
    if (headers > 0) {
      out.writeLong(headers);
      for (byte[] text : texts.subList(7, texts.size())) {
        out.writeBytes(text);
      }
    }
    out.writeLong(0);
    out.writeBytes(request.body());
    if (indexes.length > 0) {
      out.writeLong(indexes.length);
      for (int index : indexes) {
        out.writeLong(index);
      }
      out.writeLong(0);
    }
    return out.finish();
  }

  private static int lengthOf(int[] indexes) {
    int length = indexes.length == 0 ? 0 : AvroWriter.lengthOfLong(indexes.length) + 1;
    for (int index : indexes) {
      length += AvroWriter.lengthOfLong(index);
    }
    return length;
  }

  /**
   * The request in a frame's payload.
   *
   * @throws RawFormatException if the bytes are not a request of a known schema
   */
  public RawRequest decode(byte[] payload) {
    boolean whole = isWhole(payload);
    AvroReader in = open(payload, whole);
    RawSummary summary = readSummary(in);
    UUID id = new UUID(in.readFixedLong(), in.readFixedLong());
    String protocol = in.readString();
    String key = in.readString();
    String address = in.readString();
    String path = in.readString();
    String query = in.readString();
    List<Header> headers = new ArrayList<>();
    for (int n = in.readBlockCount(); n > 0; n = in.readBlockCount()) {
      for (int i = 0; i < n; i++) {
        headers.add(new Header(in.readString(), in.readString()));
      }
    }
    byte[] body = in.readBytes();
    int[] indexes = whole ? ALL : readIndexes(in);
    if (!in.atEnd()) {
      throw new RawFormatException("bytes after the request's end");
    }
    if (!whole && indexes.length != summary.events()) {
      throw new RawFormatException(indexes.length + " indexes of " + summary.events() + " events");
    }
    return new RawRequest(
        id,
        protocol,
        summary.project(),
        summary.source(),
        key,
        address,
        summary.receivedAt(),
        path,
        query,
        summary.events(),
        headers,
        body,
        indexes);
  }

  private static int[] readIndexes(AvroReader in) {
    int[] indexes = ALL;
    for (int n = in.readBlockCount(); n > 0; n = in.readBlockCount()) {
      int filled = indexes.length;
      indexes = Arrays.copyOf(indexes, filled + n);
      for (int i = filled; i < indexes.length; i++) {
        indexes[i] = in.readInt();
      }
    }
    return indexes;
  }

  /**
   * What stands at a payload's front; reads no further, so that it costs the same for any body.
   *
   * @throws RawFormatException if the bytes are not a request of a known schema
   */
  public RawSummary summary(byte[] payload) {
    return readSummary(open(payload, isWhole(payload)));
  }

  private static RawSummary readSummary(AvroReader in) {
    return new RawSummary(in.readString(), in.readString(), in.readLong(), in.readInt());
  }

  private static boolean isWhole(byte[] payload) {
    int end = WHOLE_MARK.length;
    return payload.length >= end && Arrays.equals(payload, 0, end, WHOLE_MARK, 0, end);
  }

  private static AvroReader open(byte[] payload, boolean whole) {
    byte[] record = whole ? payload : PART.upgraded(payload);
    return new AvroReader(record, AvroEnvelope.MARK_LENGTH);
  }
}
