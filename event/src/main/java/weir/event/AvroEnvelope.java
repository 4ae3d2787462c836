package weir.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Avro single-object encoding of records of one kind: the marker C3 01, the schema's 64-bit Rabin
 * fingerprint, the record in Avro binary.
 *
 * <p>The newest schema is written. Every schema that was ever written is read: an older one is
 * resolved to the newest by Avro's rules, so a new field needs a default and none may change its
 * type. What is of the newest schema costs a comparison.
 *
 * <p>Safe for use by several threads.
 */
public final class AvroEnvelope {
  /** How many bytes stand before the record. */
  public static final int MARK_LENGTH = 10;

  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = 0x01;

  private final String kind;
  private final Failure failure;
  private final Schema newest;
  private final long newestFingerprint;
  private final Map<Long, Schema> byFingerprint;

  /** Makes the exception for bytes that are no such record. */
  public interface Failure {
    RuntimeException of(String message, @Nullable Throwable cause);
  }

  /**
   * @param kind what a record is called in messages
   * @param beside the class that the schemas lie beside, as resources
   * @param schemas every one that was ever written, oldest first
   */
  public AvroEnvelope(String kind, Class<?> beside, List<String> schemas, Failure failure) {
    this.kind = kind;
    this.failure = failure;
    Map<Long, Schema> known = new LinkedHashMap<>();
    List<Schema> loaded = schemas.stream().map(name -> load(beside, name)).toList();
    loaded.forEach(schema -> known.put(SchemaNormalization.parsingFingerprint64(schema), schema));
    this.byFingerprint = Map.copyOf(known);
    this.newest = loaded.getLast();
    this.newestFingerprint = SchemaNormalization.parsingFingerprint64(newest);
  }

  private static Schema load(Class<?> beside, String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema that is written. */
  public Schema newest() {
    return newest;
  }

  /** What stands before each record of the newest schema. */
  public byte[] mark() {
    return ByteBuffer.allocate(MARK_LENGTH)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MARKER_0)
        .put(MARKER_1)
        .putLong(newestFingerprint)
        .array();
  }

  /**
   * A payload of the newest schema with the same record: the same array if it is of that one, so
   * that the record begins at {@link #MARK_LENGTH} in either.
   */
  public byte[] upgraded(byte[] payload) {
    if (payload.length < MARK_LENGTH || payload[0] != MARKER_0 || payload[1] != MARKER_1) {
      throw failure.of("not a " + kind, null);
    }
    long fingerprint = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    if (fingerprint == newestFingerprint) {
      return payload;
    }
    Schema writer = byFingerprint.get(fingerprint);
    if (writer == null) {
      throw failure.of(
          kind
              + " of unknown schema "
              + Long.toHexString(fingerprint)
              + ": written by a newer Weir?",
          null);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length);
    out.writeBytes(mark());
    try {
      out.writeBytes(resolve(payload, writer, newest));
    } catch (IOException | RuntimeException e) {
      throw failure.of("broken " + kind, e);
    }
    return out.toByteArray();
  }

  /** A payload's record, rewritten in another schema, without what stands before it. */
  static byte[] resolve(byte[] payload, Schema writer, Schema reader) throws IOException {
    BinaryDecoder in =
        DecoderFactory.get()
            .binaryDecoder(payload, MARK_LENGTH, payload.length - MARK_LENGTH, null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(writer, reader).read(null, in);
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length);
    BinaryEncoder resolved = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(reader).write(record, resolved);
    resolved.flush();
    return out.toByteArray();
  }
}
