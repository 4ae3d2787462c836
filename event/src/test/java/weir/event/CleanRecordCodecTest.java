package weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CleanRecordCodecTest {
  private static final int HEADER = 10;
  private static final Origin ORIGIN =
      new Origin("shop", "web", 1_700_000_000_000_000L, 1_700_000_000_500_000L, raw(4096, 2));

  private final CleanRecordCodec codec = new CleanRecordCodec();

  private static RawPosition raw(long position, int index) {
    return new RawPosition(position, index);
  }

  @Property(tries = 300)
  void roundTrip(@ForAll long seed) {
    CleanRecord record = CleanRecords.random(new Random(seed));
    byte[] encoded = codec.encode(record);
    assertSame(codec.decode(encoded), record);
  }

  @Property(tries = 300)
  void summaryAgreesWithRecord(@ForAll long seed) {
    CleanRecord record = CleanRecords.random(new Random(seed));
    CleanSummary expected =
        switch (record) {
          case CleanEvent event ->
              summary(
                  event,
                  event.isDerived() ? CleanSummary.Decision.DERIVED : CleanSummary.Decision.EVENT,
                  event.eventId(),
                  null);
          case BadEvent bad -> summary(bad, CleanSummary.Decision.BAD, bad.eventId(), bad.reason());
          case DuplicateEvent duplicate ->
              summary(duplicate, CleanSummary.Decision.DUPLICATE, duplicate.eventId(), null);
          case DroppedEvent dropped ->
              summary(dropped, CleanSummary.Decision.DROPPED, dropped.eventId(), dropped.reason());
        };
    assertThat(codec.summary(codec.encode(record))).isEqualTo(expected);
  }

  private static CleanSummary summary(
      CleanRecord record,
      CleanSummary.Decision decision,
      @Nullable String eventId,
      @Nullable String reason) {
    return new CleanSummary(record.origin(), decision, eventId, reason);
  }

  @Property(tries = 200)
  void avroItselfReadsWhatIsWritten(@ForAll long seed) throws IOException {
    byte[] encoded = codec.encode(CleanRecords.random(new Random(seed)));
    GenericRecord generic = generic(encoded, CleanRecordCodec.schema());
    assertThat(generic(generic)).isEqualTo(Arrays.copyOfRange(encoded, HEADER, encoded.length));
  }

  @Property(tries = 500)
  void brokenBytesAreRefusedOrReadAsARecord(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] encoded = codec.encode(CleanRecords.random(random));
    byte[] broken = Arrays.copyOf(encoded, random.nextInt(encoded.length));
    assertThatThrownBy(() -> codec.decode(broken)).isInstanceOf(CleanFormatException.class);
    encoded[random.nextInt(encoded.length)] ^= (byte) (1 << random.nextInt(8));
    try {
      assertThat(codec.decode(encoded)).isNotNull();
    } catch (CleanFormatException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static CleanEvent.Builder order() {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, "Order Completed")
        .set(EventColumn.EVENT_ID, "m-1")
        .set(EventColumn.TIMESTAMP, 1_699_999_999_000_000L)
        .set(EventColumn.VALUE, 9.5)
        .set(EventColumn.IS_BOT, false)
        .set(EventColumn.SCREEN_WIDTH, 1920)
        .set(EventColumn.ASN, 64_500L)
        .properties(Map.of("p_price", 9.5));
  }

  @Test
  void goldenBytesOfVersion3() {
    assertThat(HexFormat.of().formatHex(codec.encode(order().derived().build(ORIGIN))))
        .isEqualTo(GoldenBytes.DERIVED_3);
    Position wide = Position.of(BigInteger.TWO.pow(186).add(BigInteger.ONE));
    Origin elsewhere = new Origin("shop", "web", 1, 2, new RawPosition(12, wide, 3));
    assertThat(HexFormat.of().formatHex(codec.encode(new DuplicateEvent(elsewhere, "m-1"))))
        .isEqualTo(GoldenBytes.DUPLICATE_ELSEWHERE);
  }

  @Test
  void goldenBytesOfVersion2() {
    assertGolden(order().derived().build(ORIGIN), GoldenBytes.DERIVED);
  }

  @Test
  void goldenBytesOfVersion1() {
    assertGolden(order().build(ORIGIN), GoldenBytes.EVENT);
    assertGolden(
        new BadEvent(
            ORIGIN,
            "m-2",
            null,
            "segment",
            "validate",
            "timestamp_out_of_range",
            "the clock is off",
            "{}".getBytes(StandardCharsets.UTF_8)),
        GoldenBytes.BAD);
    assertGolden(new DuplicateEvent(ORIGIN, "m-1"), GoldenBytes.DUPLICATE);
    assertGolden(new DroppedEvent(ORIGIN, null, "bot"), GoldenBytes.DROPPED);
  }

  private void assertGolden(CleanRecord record, String hex) {
    assertSame(codec.decode(HexFormat.of().parseHex(hex)), record);
  }

  @Test
  void recordOfANewerSchemaWithAnAddedFieldResolvesToThisOne() throws IOException {
    Schema newer = withAddedField(CleanRecordCodec.schema());
    CleanRecord record = new DuplicateEvent(ORIGIN, "m-1");
    byte[] old = body(codec.encode(record));
    byte[] inNewer = AvroEnvelope.resolve(frame(old), CleanRecordCodec.schema(), newer);
    assertThat(inNewer.length).isGreaterThan(old.length);
    byte[] back = AvroEnvelope.resolve(frame(inNewer), newer, CleanRecordCodec.schema());
    assertThat(back).isEqualTo(old);
  }

  @Property(tries = 100)
  void everyRecordSurvivesAnOlderAndANewerSchema(@ForAll long seed) throws IOException {
    Schema newer = withAddedField(CleanRecordCodec.schema());
    byte[] encoded = codec.encode(CleanRecords.random(new Random(seed)));
    byte[] newerBytes = AvroEnvelope.resolve(encoded, CleanRecordCodec.schema(), newer);
    assertThat(AvroEnvelope.resolve(frame(newerBytes), newer, CleanRecordCodec.schema()))
        .isEqualTo(body(encoded));
  }

  @Test
  void unknownSchemaIsNamed() {
    byte[] encoded = codec.encode(new DuplicateEvent(ORIGIN, "m-1"));
    encoded[5] ^= 1;
    assertThatThrownBy(() -> codec.decode(encoded))
        .isInstanceOf(CleanFormatException.class)
        .hasMessageContaining("unknown schema")
        .hasMessageContaining("newer Weir");
  }

  @Test
  void columnsAgreeWithTheSchema() {
    Schema event = branch("Event");
    List<String> fields =
        event.getFields().stream()
            .map(Schema.Field::name)
            .filter(name -> !name.equals("property_columns"))
            .toList();
    assertThat(fields).isEqualTo(CleanRecordCodec.encodedColumnNames());
    for (String field : fields) {
      EventColumn column = EventColumn.named(field).orElseThrow();
      Schema type = event.getField(field).schema().getTypes().get(1);
      assertThat(type.getType()).as(field).isEqualTo(avroType(column.type()));
      assertThat(type.getLogicalType() != null)
          .as(field)
          .isEqualTo(column.type() == ColumnType.TIMESTAMP);
    }
    assertThat(Arrays.stream(EventColumn.values()).map(EventColumn::columnName))
        .containsAll(fields)
        .contains("source", "received_at", "processed_at", "_raw_position")
        .hasSize(fields.size() + 4);
  }

  private static Schema.Type avroType(ColumnType type) {
    return switch (type) {
      case BOOLEAN -> Schema.Type.BOOLEAN;
      case INTEGER -> Schema.Type.INT;
      case LONG, TIMESTAMP -> Schema.Type.LONG;
      case DOUBLE -> Schema.Type.DOUBLE;
      case STRING -> Schema.Type.STRING;
    };
  }

  private static Schema branch(String name) {
    return CleanRecordCodec.schema().getField("decision").schema().getTypes().stream()
        .filter(type -> type.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Schema withAddedField(Schema schema) {
    String marker = "{\"name\":\"decision\"";
    String added = "{\"name\":\"added\",\"type\":\"string\",\"default\":\"none\"},";
    String text = schema.toString();
    assertThat(text).contains(marker);
    return new Schema.Parser().parse(text.replace(marker, added + marker));
  }

  private static byte[] body(byte[] encoded) {
    return Arrays.copyOfRange(encoded, HEADER, encoded.length);
  }

  private static byte[] frame(byte[] body) {
    byte[] frame = new byte[HEADER + body.length];
    System.arraycopy(body, 0, frame, HEADER, body.length);
    return frame;
  }

  private static GenericRecord generic(byte[] encoded, Schema schema) throws IOException {
    BinaryDecoder in =
        DecoderFactory.get().binaryDecoder(encoded, HEADER, encoded.length - HEADER, null);
    return Objects.requireNonNull(new GenericDatumReader<GenericRecord>(schema).read(null, in));
  }

  private static byte[] generic(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** Equal, where a bad event's payload is compared by its bytes. */
  private static void assertSame(CleanRecord actual, CleanRecord expected) {
    if (expected instanceof BadEvent bad && actual instanceof BadEvent read) {
      assertThat(read.payload()).isEqualTo(bad.payload());
      assertThat(withoutPayload(read)).isEqualTo(withoutPayload(bad));
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static List<Object> withoutPayload(BadEvent bad) {
    return List.of(
        bad.origin(),
        String.valueOf(bad.eventId()),
        String.valueOf(bad.event()),
        bad.protocol(),
        bad.stage(),
        bad.reason(),
        bad.message());
  }
}
