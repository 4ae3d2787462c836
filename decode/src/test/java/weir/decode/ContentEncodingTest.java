package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ContentEncodingTest {
  private static final byte[] PLAIN = plain();

  private static byte[] plain() {
    byte[] bytes = new byte[200_000];
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 0, 100_000, (byte) 'x');
    return bytes;
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] deflate(byte[] plain, boolean raw) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream deflate =
        new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, raw))) {
      deflate.write(plain);
    }
    return out.toByteArray();
  }

  private void decodes(String header, byte[] encoded) throws IOException {
    ContentEncoding encoding = ContentEncoding.of(header);
    assertThat(encoding.decode(encoded, PLAIN.length)).isEqualTo(PLAIN);
    assertThat(encoding.decodeTwice(encoded, PLAIN.length)).isEqualTo(PLAIN);
    for (boolean twice : new boolean[] {false, true}) {
      assertThatThrownBy(() -> decode(encoding, encoded, PLAIN.length - 1, twice))
          .isInstanceOf(ContentEncodingException.TooLarge.class)
          .hasMessageContaining("199999 bytes");
    }
  }

  private static byte[] decode(ContentEncoding encoding, byte[] body, int limit, boolean twice)
      throws IOException {
    return twice ? encoding.decodeTwice(body, limit) : encoding.decode(body, limit);
  }

  private void refusesBroken(String header, byte[] encoded) throws IOException {
    ContentEncoding encoding = ContentEncoding.of(header);
    for (byte[] broken :
        new byte[][] {
          Arrays.copyOf(encoded, encoded.length / 2), "{\"batch\":[]}".getBytes(UTF), new byte[0]
        }) {
      for (boolean twice : new boolean[] {false, true}) {
        assertThatThrownBy(() -> decode(encoding, broken, 1 << 20, twice))
            .isInstanceOf(ContentEncodingException.Broken.class)
            .hasMessageContaining("content-encoding");
      }
    }
  }

  private static final java.nio.charset.Charset UTF = java.nio.charset.StandardCharsets.UTF_8;

  @Test
  void gzip() throws IOException {
    decodes("gzip", gzip(PLAIN));
    decodes(" X-GZIP", gzip(PLAIN));
    refusesBroken("gzip", gzip(PLAIN));
  }

  @Test
  void deflateInZlibOrRaw() throws IOException {
    decodes("deflate", deflate(PLAIN, false));
    decodes("deflate", deflate(PLAIN, true));
    refusesBroken("deflate", deflate(PLAIN, false));
  }

  @Test
  void zstd() throws IOException {
    decodes("zstd", Zstd.compress(PLAIN));
    refusesBroken("zstd", Zstd.compress(PLAIN));
  }

  @Test
  void brotli() throws IOException {
    decodes("br", BrotliStored.encode(PLAIN));
    refusesBroken("br", BrotliStored.encode(PLAIN));
  }

  @Test
  void noneIsTheBodyItself() throws IOException {
    assertThat(ContentEncoding.of(null).decode(PLAIN, PLAIN.length)).isSameAs(PLAIN);
    assertThat(ContentEncoding.of("identity")).isEqualTo(ContentEncoding.IDENTITY);
  }

  @Test
  void othersAndSeveralAreRefused() {
    for (String header : new String[] {"compress", "gzip, br", "aws-chunked"}) {
      assertThatThrownBy(() -> ContentEncoding.of(header))
          .isInstanceOf(ContentEncodingException.Unknown.class)
          .hasMessageContaining(header)
          .hasMessageContaining("gzip, deflate, br, zstd");
    }
  }

  @Test
  void aBombIsStoppedAtTheLimit() throws IOException {
    byte[] zeros = new byte[64 << 20];
    byte[] bomb = gzip(zeros);
    assertThat(bomb.length).isLessThan(100_000);

    assertThatThrownBy(() -> ContentEncoding.GZIP.decode(bomb, 1 << 20))
        .isInstanceOf(ContentEncodingException.TooLarge.class);
  }

  @Test
  void aZstdWindowOfHundredsOfMegabytesIsRefused() {
    // Frame header: no single segment, window descriptor 2^(10+21) bytes, then nothing.
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) (21 << 3), 0x01, 0, 0};

    assertThatThrownBy(() -> ContentEncoding.ZSTD.decode(frame, 1 << 20))
        .isInstanceOf(ContentEncodingException.Broken.class);
  }
}
