package weir.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventHashTest {
  /** The answers that Kafka's own tests know. */
  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
    "abc, 479470107",
    "string-f-24-chars-length, 124730809",
    "string-fo-25-chars-length, 1269511650",
    "string-foo-26-chars-length, 119165628",
    "string-last-27-chars-length, 1089971754"
  })
  void murmur2AsKafkaHasIt(String key, int hash) {
    assertThat(Murmur2.hash(key.getBytes(UTF_8))).isEqualTo(hash);
  }

  /** sha256sum says so of {@code printf 'shop\xffe-1'}. */
  @Test
  void theFirstHalfOfSha256() {
    EventHash hash = EventHash.of("shop", "e-1");

    assertThat(HexFormat.of().formatHex(hash.bytes()))
        .isEqualTo("306bdeaf9a0f6db55840d1f5d50fd99f");
    assertThat(HexFormat.of().toHexDigits(hash.high())).isEqualTo("306bdeaf9a0f6db5");
  }

  /** What was dealt out once stays where it is. */
  @Test
  void partitionsThatNeverChange() {
    assertThat(
            IntStream.range(0, 12).map(i -> EventHash.of("shop", "e-" + i).partition(12)).toArray())
        .containsExactly(8, 1, 2, 2, 0, 6, 1, 1, 5, 5, 9, 5);
    assertThat(EventHash.of("shop", "\u00e9\u20ac\ud83d\ude00").partition(12)).isEqualTo(11);
  }

  @Test
  void theProjectCounts() {
    assertThat(EventHash.of("shop", "a")).isNotEqualTo(EventHash.of("sho", "pa"));
  }

  @Test
  void everyPartitionGetsItsShare() {
    int[] counts = new int[12];
    for (int i = 0; i < 120_000; i++) {
      counts[EventHash.of("shop", "e-" + i).partition(12)]++;
    }

    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(9_600, 10_400));
  }
}
