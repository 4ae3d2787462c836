package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RawRequestCodecTest {
  private final RawRequestCodec codec = new RawRequestCodec();

  @Provide
  Arbitrary<RawRequest> requests() {
    Arbitrary<String> text =
        Arbitraries.strings().withChars("aZ09 /?\u00e9\u20ac").ofMaxLength(300);
    Arbitrary<List<Header>> headers =
        Combinators.combine(text, text).as(Header::new).list().ofMaxSize(9);
    Arbitrary<byte[]> body = Arbitraries.bytes().array(byte[].class).ofMaxSize(3000);
    Arbitrary<int[]> indexes =
        Arbitraries.integers()
            .greaterOrEqual(0)
            .array(int[].class)
            .ofMaxSize(20)
            .optional(0.5)
            .map(some -> some.orElse(new int[0]));
    return Combinators.combine(
            text,
            text,
            text,
            Arbitraries.longs(),
            Arbitraries.integers().greaterOrEqual(0),
            headers,
            body,
            indexes)
        .as((a, b, c, time, n, some, bytes, places) -> {
          int events = places.length == 0 ? n : places.length;
          return new RawRequest(
              new UUID(time, n), a, b, c, a + b, c, time, b, a, events, some, bytes, places);
        });
  }

  @Property(tries = 300)
  void comesBackAsItWas(@ForAll("requests") RawRequest request) {
    byte[] frame = codec.encode(request);

    assertThat(codec.decode(frame)).usingRecursiveComparison().isEqualTo(request);
    assertThat(codec.summary(frame))
        .isEqualTo(
            new RawSummary(
                request.project(), request.source(), request.receivedAt(), request.events()));
  }

  @Property(tries = 100)
  void isWhatAvroItselfWrites(@ForAll("requests") RawRequest request) throws IOException {
    byte[] frame = codec.encode(request);
    byte[] binary = Arrays.copyOfRange(frame, 10, frame.length);
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(RawRequestCodec.schema(request))
            .read(null, DecoderFactory.get().binaryDecoder(binary, null));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(RawRequestCodec.schema(request)).write(record, encoder);
    encoder.flush();

    assertThat(record.get("events")).isEqualTo(request.events());
    assertThat(out.toByteArray()).isEqualTo(binary);
  }

  @Property(tries = 300)
  void brokenBytesAreSaidToBe(@ForAll("requests") RawRequest request, @ForAll int at) {
    byte[] frame = codec.encode(request);
    byte[] cut = Arrays.copyOf(frame, Math.floorMod(at, frame.length));

    assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(RawFormatException.class);
  }

  /** What was written before there were parts; whole requests are written so still. */
  @Test
  void aWholeRequestIsOfTheFirstSchema() {
    RawRequest request =
        new RawRequest(
            new UUID(1, 2),
            "segment",
            "p",
            "s",
            "k",
            "a",
            3,
            "/v1/b",
            "",
            1,
            List.of(new Header("n", "v")),
            new byte[] {'[', ']'});
    String first =
        "c301d7e57f7a91e771af0270027306020000000000000001000000000000000"
            + "20e7365676d656e74026b02610a2f76312f620002026e02760004"
            + "5b5d";

    assertThat(HexFormat.of().formatHex(codec.encode(request))).isEqualTo(first);
    assertThat(codec.decode(HexFormat.of().parseHex(first)))
        .usingRecursiveComparison()
        .isEqualTo(request);
  }

  @Test
  void anUnknownSchemaIsNamed() {
    byte[] frame = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    assertThatThrownBy(() -> codec.decode(frame))
        .isInstanceOf(RawFormatException.class)
        .hasMessageContaining("807060504030201");
  }
}
