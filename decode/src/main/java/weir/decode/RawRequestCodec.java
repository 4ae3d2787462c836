package weir.decode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * The raw log's encoding: Avro single-object encoding (the marker C3 01, the schema's 64-bit Rabin
 * fingerprint, the record in Avro binary).
 *
 * <p>Writes the newest schema. Reads every schema that was ever written: the schemas are resources
 * {@code raw-request-N.avsc}; an older one is resolved to the newest by Avro's rules, so a new
 * field needs a default and none may change its type. The newest one is written and read without
 * Avro's generic machinery, since this is a hot path.
 *
 * <p>Holds nothing; safe for use by several threads.
 */
public final class RawRequestCodec {
  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = 0x01;
  private static final int MARK_LENGTH = 10;
  private static final int ID_LENGTH = 16;

  /** Every schema ever written, oldest first. */
  private static final List<Schema> SCHEMAS = List.of(load("raw-request-1.avsc"));

  private static final Schema NEWEST = SCHEMAS.getLast();
  private static final long NEWEST_FINGERPRINT = SchemaNormalization.parsingFingerprint64(NEWEST);
  private static final Map<Long, Schema> BY_FINGERPRINT = byFingerprint();
  private static final byte[] MARK = mark(NEWEST_FINGERPRINT);

  private static Schema load(String resource) {
    try (InputStream in = RawRequestCodec.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<Long, Schema> byFingerprint() {
    Map<Long, Schema> map = new LinkedHashMap<>();
    SCHEMAS.forEach(schema -> map.put(SchemaNormalization.parsingFingerprint64(schema), schema));
    return Map.copyOf(map);
  }

  private static byte[] mark(long fingerprint) {
    return ByteBuffer.allocate(MARK_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MARKER_0)
        .put(MARKER_1)
        .putLong(fingerprint)
        .array();
  }

  /** The schema that {@link #encode} writes. */
  public static Schema schema() {
    return NEWEST;
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
    int length = MARK_LENGTH + ID_LENGTH;
    length += AvroWriter.lengthOfLong(request.receivedAt());
    length += AvroWriter.lengthOfLong(request.events());
    length += headers == 0 ? 1 : AvroWriter.lengthOfLong(headers) + 1;
    for (byte[] text : texts) {
      length = Math.addExact(length, AvroWriter.lengthOfBytes(text));
    }
    AvroWriter out =
        new AvroWriter(Math.addExact(length, AvroWriter.lengthOfBytes(request.body())));
    out.fixed(MARK);
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
    return out.finish();
  }

  /**
   * The request in a frame's payload.
   *
   * @throws RawFormatException if the bytes are not a request of a known schema
   */
  public RawRequest decode(byte[] payload) {
    AvroReader in = open(payload);
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
    if (!in.atEnd()) {
      throw new RawFormatException("bytes after the request's end");
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
        body);
  }

  /**
   * What stands at a payload's front; reads no further, so that it costs the same for any body.
   *
   * @throws RawFormatException if the bytes are not a request of a known schema
   */
  public RawSummary summary(byte[] payload) {
    return readSummary(open(payload));
  }

  private static RawSummary readSummary(AvroReader in) {
    return new RawSummary(in.readString(), in.readString(), in.readLong(), in.readInt());
  }

  private static AvroReader open(byte[] payload) {
    if (payload.length < MARK_LENGTH || payload[0] != MARKER_0 || payload[1] != MARKER_1) {
      throw new RawFormatException("not a raw-log request");
    }
    long fingerprint = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    if (fingerprint == NEWEST_FINGERPRINT) {
      return new AvroReader(payload, MARK_LENGTH);
    }
    Schema writer = BY_FINGERPRINT.get(fingerprint);
    if (writer == null) {
      throw new RawFormatException(
          "raw-log request of unknown schema "
              + Long.toHexString(fingerprint)
              + ": written by a newer Weir?");
    }
    return new AvroReader(resolve(payload, writer), 0);
  }

  private static byte[] resolve(byte[] payload, Schema writer) {
    try {
      BinaryDecoder in =
          DecoderFactory.get()
              .binaryDecoder(payload, MARK_LENGTH, payload.length - MARK_LENGTH, null);
      GenericRecord record = new GenericDatumReader<GenericRecord>(writer, NEWEST).read(null, in);
      ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length);
      BinaryEncoder resolved = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(NEWEST).write(record, resolved);
      resolved.flush();
      return out.toByteArray();
    } catch (IOException | RuntimeException e) {
      throw new RawFormatException("broken raw-log request", e);
    }
  }
}
