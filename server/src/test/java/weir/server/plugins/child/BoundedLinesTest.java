package weir.server.plugins.child;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedLinesTest {
  private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
  private long nanos;

  private BoundedLines bounded() {
    return new BoundedLines(passed, () -> nanos);
  }

  private List<String> passedLines() {
    return passed.toString(UTF_8).lines().toList();
  }

  private static String numbered(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void linesPassOnceTheyAreWhole() throws IOException {
    BoundedLines lines = bounded();
    lines.write("one\ntwo".getBytes(UTF_8));
    assertThat(passedLines()).containsExactly("one");
    lines.write(" halves\n\n".getBytes(UTF_8));
    assertThat(passed.toString(UTF_8)).isEqualTo("one\ntwo halves\n\n");
  }

  @Test
  void ofManyTheFirstOfASecondPassAndTheRestAreCounted() throws IOException {
    BoundedLines lines = bounded();
    lines.write(numbered(0, 50).getBytes(UTF_8));
    assertThat(passedLines()).hasSize(20).last().isEqualTo("line 19");
    nanos = TimeUnit.SECONDS.toNanos(1) - 1;
    lines.write(numbered(50, 51).getBytes(UTF_8));
    assertThat(passedLines()).as("the same second").hasSize(20);
    nanos++;
    lines.write(numbered(51, 80).getBytes(UTF_8));
    assertThat(passedLines())
        .hasSize(41)
        .containsSubsequence("line 19", "... and 31 more lines", "line 51", "line 70");
    nanos += TimeUnit.SECONDS.toNanos(1);
    lines.write(numbered(80, 81).getBytes(UTF_8));
    assertThat(passedLines()).endsWith("... and 9 more lines", "line 80");
    nanos += TimeUnit.SECONDS.toNanos(1);
    lines.write(numbered(81, 82).getBytes(UTF_8));
    assertThat(passedLines()).as("none was left out").endsWith("line 80", "line 81");
  }

  @Test
  void aLongLineIsCutAndTheNextOneIsWhole() throws IOException {
    BoundedLines lines = bounded();
    lines.write(("x".repeat(499) + "yz" + "z".repeat(5_000_000) + "\nnext\n").getBytes(UTF_8));
    assertThat(passedLines()).containsExactly("x".repeat(499) + "y", "next");
  }

  /** Byte by byte, or in pieces of any size: the same comes out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void howItIsWrittenIsAllTheSame(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] text = new byte[20_000];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (random.nextInt(300) == 0 ? '\n' : 'a' + random.nextInt(26));
    }
    BoundedLines lines = bounded();
    for (byte each : text) {
      lines.write(each);
    }
    byte[] single = passed.toByteArray();
    passed.reset();
    BoundedLines again = bounded();
    for (int at = 0; at < text.length; ) {
      int length = Math.min(text.length - at, random.nextInt(900));
      again.write(text, at, length);
      at += length;
    }
    assertThat(passed.toByteArray()).isEqualTo(single).isNotEmpty();
  }
}
