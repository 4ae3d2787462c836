package weir.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * The clean log's encoding: records in an {@link AvroEnvelope}, whose schemas are the resources
 * {@code clean-record-N.avsc}. Those of the newest one are read without Avro's generic machinery,
 * since this is a hot path.
 *
 * <p>Not safe for use by several threads at once: one instance a thread.
 */
public final class CleanRecordCodec {
  private static final AvroEnvelope ENVELOPE =
      new AvroEnvelope(
          "clean-log record",
          CleanRecordCodec.class,
          List.of("clean-record-1.avsc", "clean-record-2.avsc", "clean-record-3.avsc"),
          CleanFormatException::new);

  private static final byte[] MARK = ENVELOPE.mark();

  /** The columns of the record {@code Event}, in schema order. */
  private static final EventColumn[] ENCODED_COLUMNS =
      Arrays.stream(EventColumn.values())
          .filter(CleanRecordCodec::encoded)
          .toArray(EventColumn[]::new);

  private static final int EVENT = 0;
  private static final int BAD = 1;
  private static final int DUPLICATE = 2;
  private static final int DROPPED = 3;
  private static final int DERIVED = 4;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
  private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
  private @Nullable BinaryDecoder decoder;
  private Utf8 scratch = new Utf8();

  private static boolean encoded(EventColumn column) {
    return switch (column) {
      case SOURCE, RECEIVED_AT, PROCESSED_AT, RAW_POSITION -> false;
      default -> true;
    };
  }

  /** The schema that {@link #encode} writes. */
  public static Schema schema() {
    return ENVELOPE.newest();
  }

  /** One frame's payload. */
  public byte[] encode(CleanRecord record) {
    bytes.reset();
    bytes.writeBytes(MARK);
    try {
      write(record);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The record in a frame's payload.
   *
   * @throws CleanFormatException if the bytes are not a record of a known schema
   */
  public CleanRecord decode(byte[] payload) {
    return read(payload, this::read);
  }

  /**
   * What stands at a payload's front; at a fraction of {@link #decode}'s cost.
   *
   * @throws CleanFormatException if the bytes are not a record of a known schema
   */
  public CleanSummary summary(byte[] payload) {
    return read(payload, this::readSummary);
  }

  private interface Reading<T> {
    T read(BinaryDecoder in) throws IOException;
  }

  private <T> T read(byte[] payload, Reading<T> reading) {
    byte[] newest = ENVELOPE.upgraded(payload);
    try {
      return reading.read(open(newest));
    } catch (IOException | RuntimeException e) {
      if (e instanceof CleanFormatException known) {
        throw known;
      }
      throw new CleanFormatException("broken clean-log record", e);
    }
  }

  private BinaryDecoder open(byte[] payload) {
    int from = AvroEnvelope.MARK_LENGTH;
    decoder = DecoderFactory.get().binaryDecoder(payload, from, payload.length - from, decoder);
    return decoder;
  }

  private void write(CleanRecord record) throws IOException {
    Origin origin = record.origin();
    encoder.writeString(origin.project());
    encoder.writeString(origin.source());
    encoder.writeLong(origin.receivedAt());
    encoder.writeLong(origin.processedAt());
    write(origin.rawPosition());
    switch (record) {
      case CleanEvent event -> {
        encoder.writeIndex(event.isDerived() ? DERIVED : EVENT);
        writeEvent(event);
      }
      case BadEvent bad -> {
        encoder.writeIndex(BAD);
        writeOptional(bad.eventId());
        writeOptional(bad.event());
        encoder.writeString(bad.protocol());
        encoder.writeString(bad.stage());
        encoder.writeString(bad.reason());
        encoder.writeString(bad.message());
        encoder.writeBytes(bad.payload());
      }
      case DuplicateEvent duplicate -> {
        encoder.writeIndex(DUPLICATE);
        encoder.writeString(duplicate.eventId());
      }
      case DroppedEvent dropped -> {
        encoder.writeIndex(DROPPED);
        writeOptional(dropped.eventId());
        encoder.writeString(dropped.reason());
      }
    }
  }

  private void write(RawPosition raw) throws IOException {
    encoder.writeInt(raw.partition());
    Position position = raw.position();
    if (position.isWide()) {
      encoder.writeIndex(1);
      encoder.writeFixed(position.bytes());
    } else {
      encoder.writeIndex(0);
      encoder.writeLong(position.value());
    }
    encoder.writeInt(raw.index());
  }

  private void writeEvent(CleanEvent event) throws IOException {
    for (EventColumn column : ENCODED_COLUMNS) {
      Object value = event.get(column);
      if (value == null) {
        encoder.writeIndex(0);
        continue;
      }
      encoder.writeIndex(1);
      switch (column.type()) {
        case BOOLEAN -> encoder.writeBoolean((Boolean) value);
        case INTEGER -> encoder.writeInt((Integer) value);
        case LONG, TIMESTAMP -> encoder.writeLong((Long) value);
        case DOUBLE -> encoder.writeDouble((Double) value);
        case STRING -> encoder.writeString((String) value);
      }
    }
    encoder.writeArrayStart();
    encoder.setItemCount(event.properties().size());
    for (Map.Entry<String, Object> property : event.properties().entrySet()) {
      encoder.startItem();
      encoder.writeString(property.getKey());
      switch (property.getValue()) {
        case Boolean value -> {
          encoder.writeIndex(0);
          encoder.writeBoolean(value);
        }
        case Double value -> {
          encoder.writeIndex(1);
          encoder.writeDouble(value);
        }
        case String value -> {
          encoder.writeIndex(2);
          encoder.writeString(value);
        }
        default ->
            throw new IllegalArgumentException(
                property.getKey() + " is a " + property.getValue().getClass().getName());
      }
    }
    encoder.writeArrayEnd();
  }

  private void writeOptional(@Nullable String value) throws IOException {
    if (value == null) {
      encoder.writeIndex(0);
    } else {
      encoder.writeIndex(1);
      encoder.writeString(value);
    }
  }

  private Origin readOrigin(BinaryDecoder in) throws IOException {
    return new Origin(
        string(in),
        string(in),
        in.readLong(),
        in.readLong(),
        new RawPosition(in.readInt(), readPosition(in), in.readInt()));
  }

  private static Position readPosition(BinaryDecoder in) throws IOException {
    if (in.readIndex() == 0) {
      return new Position(in.readLong());
    }
    byte[] wide = new byte[Position.BYTES];
    in.readFixed(wide);
    return Position.of(wide);
  }

  private CleanSummary readSummary(BinaryDecoder in) throws IOException {
    Origin origin = readOrigin(in);
    int decision = in.readIndex();
    return switch (decision) {
      case EVENT, DERIVED -> {
        if (in.readIndex() == 1) {
          in.skipString();
        }
        yield new CleanSummary(
            origin,
            decision == EVENT ? CleanSummary.Decision.EVENT : CleanSummary.Decision.DERIVED,
            optional(in),
            null);
      }
      case BAD -> {
        String eventId = optional(in);
        if (in.readIndex() == 1) {
          in.skipString();
        }
        in.skipString();
        in.skipString();
        yield new CleanSummary(origin, CleanSummary.Decision.BAD, eventId, string(in));
      }
      case DUPLICATE -> new CleanSummary(origin, CleanSummary.Decision.DUPLICATE, string(in), null);
      case DROPPED ->
          new CleanSummary(origin, CleanSummary.Decision.DROPPED, optional(in), string(in));
      default -> throw new CleanFormatException("unknown decision " + decision);
    };
  }

  private CleanRecord read(BinaryDecoder in) throws IOException {
    Origin origin = readOrigin(in);
    int decision = in.readIndex();
    return switch (decision) {
      case EVENT -> readEvent(in, CleanEvent.builder()).build(origin);
      case DERIVED -> readEvent(in, CleanEvent.builder().derived()).build(origin);
      case BAD ->
          new BadEvent(
              origin,
              optional(in),
              optional(in),
              string(in),
              string(in),
              string(in),
              string(in),
              bytes(in));
      case DUPLICATE -> new DuplicateEvent(origin, string(in));
      case DROPPED -> new DroppedEvent(origin, optional(in), string(in));
      default -> throw new CleanFormatException("unknown decision " + decision);
    };
  }

  private CleanEvent.Builder readEvent(BinaryDecoder in, CleanEvent.Builder event)
      throws IOException {
    for (EventColumn column : ENCODED_COLUMNS) {
      if (in.readIndex() == 1) {
        event.set(
            column,
            switch (column.type()) {
              case BOOLEAN -> (Object) in.readBoolean();
              case INTEGER -> in.readInt();
              case LONG, TIMESTAMP -> in.readLong();
              case DOUBLE -> in.readDouble();
              case STRING -> string(in);
            });
      }
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    for (long n = in.readArrayStart(); n > 0; n = in.arrayNext()) {
      for (long i = 0; i < n; i++) {
        String name = string(in);
        properties.put(name, readProperty(in));
      }
    }
    return event.properties(properties);
  }

  private Object readProperty(BinaryDecoder in) throws IOException {
    int type = in.readIndex();
    return switch (type) {
      case 0 -> in.readBoolean();
      case 1 -> in.readDouble();
      case 2 -> string(in);
      default -> throw new CleanFormatException("unknown property type " + type);
    };
  }

  private String string(BinaryDecoder in) throws IOException {
    scratch = in.readString(scratch);
    return scratch.toString();
  }

  private @Nullable String optional(BinaryDecoder in) throws IOException {
    return in.readIndex() == 0 ? null : string(in);
  }

  private static byte[] bytes(BinaryDecoder in) throws IOException {
    ByteBuffer buffer = in.readBytes(null);
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }

  /** Names of the fixed columns that the record {@code Event} holds; for tests of the schema. */
  static List<String> encodedColumnNames() {
    List<String> names = new ArrayList<>();
    for (EventColumn column : ENCODED_COLUMNS) {
      names.add(column.columnName());
    }
    return names;
  }
}
