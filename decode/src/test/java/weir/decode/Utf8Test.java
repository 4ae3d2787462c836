package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Provide
  Arbitrary<byte[]> nearlyUtf8() {
    Arbitrary<Byte> edge =
        Arbitraries.of(
                0x20, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
                0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF)
            .map(Integer::byteValue);
    Arbitrary<Byte> ascii = Arbitraries.bytes().between((byte) 0x20, (byte) 0x7E);
    return Arbitraries.oneOf(edge, ascii).array(byte[].class).ofMaxSize(24);
  }

  @Property(tries = 5000)
  void agreesWithTheJdk(@ForAll("nearlyUtf8") byte[] bytes) {
    boolean valid;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      valid = true;
    } catch (CharacterCodingException e) {
      valid = false;
    }
    assertThat(Utf8.firstInvalid(bytes, 0, bytes.length) < 0).isEqualTo(valid);
  }

  @Property(tries = 500)
  void allTextIsValid(@ForAll String text) {
    String whole = Utf8.wellFormed(text);
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);

    assertThat(Utf8.firstInvalid(bytes, 0, bytes.length)).isEqualTo(-1);
    assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(whole);
  }

  @Test
  void halfPairsAreReplaced() {
    assertThat(Utf8.wellFormed("a\uD800b\uDC00\uD83D\uDE00\uD83D"))
        .isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00\uFFFD");
  }

  @Test
  void escapedHalfPairsInJsonAreReplaced() {
    String lone = "{\"a\\ud800\":[\"\\uDFFFx\\ud83d\\ude00\\ud83d\",\"\\\\ud800\",\"\\u00e9\"]}";
    assertThat(Utf8.wellFormedJson(lone))
        .isEqualTo("{\"a\\ufffd\":[\"\\ufffdx\\ud83d\\ude00\\ufffd\",\"\\\\ud800\",\"\\u00e9\"]}");
    for (String same : new String[] {"{}", "[\"\\n\"]", "[\"\\ud83d\\ude00\"]", "\\", "\\u12"}) {
      assertThat(Utf8.wellFormedJson(same)).isSameAs(same);
    }
  }
}
