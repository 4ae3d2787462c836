package weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class AvroEnvelopeTest {
  private final AvroEnvelope first = envelope("pair-1.avsc");
  private final AvroEnvelope both = envelope("pair-1.avsc", "pair-2.avsc");

  private static AvroEnvelope envelope(String... schemas) {
    return new AvroEnvelope(
        "pair", AvroEnvelopeTest.class, List.of(schemas), CleanFormatException::new);
  }

  private static byte[] payload(AvroEnvelope envelope, String a, long b) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(envelope.mark());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    if (!a.isEmpty()) {
      encoder.writeString(a);
    }
    encoder.writeLong(b);
    encoder.flush();
    return out.toByteArray();
  }

  @Property
  void anOlderRecordIsReadAsTheNewest(@ForAll String a, @ForAll long b) throws IOException {
    byte[] upgraded = both.upgraded(payload(first, "x" + a, b));
    assertThat(upgraded).startsWith(both.mark());
    int from = AvroEnvelope.MARK_LENGTH;
    GenericRecord record =
        new GenericDatumReader<GenericRecord>(both.newest())
            .read(
                null,
                DecoderFactory.get().binaryDecoder(upgraded, from, upgraded.length - from, null));
    assertThat(record.get("b")).isEqualTo(b);
    assertThat(record.get("c")).hasToString("none");
  }

  @Test
  void theNewestIsHandedBackAsItIs() throws IOException {
    byte[] payload = payload(first, "x", 1);
    assertThat(first.upgraded(payload)).isSameAs(payload);
  }

  /** Avro's own encoder of this encoding writes the same. */
  @Test
  void theMarkIsAvros() throws IOException {
    GenericRecord record = new GenericData.Record(first.newest());
    record.put("a", "x");
    record.put("b", 7L);
    byte[] theirs =
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), first.newest())
            .encode(record)
            .array();
    assertThat(payload(first, "x", 7)).isEqualTo(theirs);
  }

  @Test
  void whatIsNoSuchRecordIsRefused() throws IOException {
    byte[] payload = payload(both, "", 1);
    assertThatThrownBy(() -> first.upgraded(payload))
        .isInstanceOf(CleanFormatException.class)
        .hasMessageMatching("pair of unknown schema [0-9a-f]+: written by a newer Weir\\?");
    byte[] cut = Arrays.copyOf(payload(first, "long text", 1), 12);
    assertThatThrownBy(() -> both.upgraded(cut))
        .isInstanceOf(CleanFormatException.class)
        .hasMessage("broken pair");
    byte[] noise = new byte[40];
    new Random(1).nextBytes(noise);
    for (byte[] no : List.of(new byte[0], new byte[] {(byte) 0xC3, 1}, noise)) {
      assertThatThrownBy(() -> first.upgraded(no)).hasMessage("not a pair");
    }
  }
}
