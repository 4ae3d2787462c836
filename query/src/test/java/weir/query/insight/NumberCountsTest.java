package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NumberCountsTest {
  @Test
  void countsAsAMapDoes() {
    NumberCounts counts = new NumberCounts();
    SplittableRandom random = new SplittableRandom(20261122);
    long[] spans = {1, 3, 60, 64, 65, 4_095, 4_096, 4_097, 1L << 40, Long.MAX_VALUE};
    for (int round = 0; round < 3_000; round++) {
      long span = spans[random.nextInt(spans.length)];
      long from = random.nextBoolean() ? -span / 2 : random.nextLong();
      int length = random.nextInt(random.nextBoolean() ? 5 : 2_000);
      long[] numbers = new long[length + 3];
      for (int i = 0; i < length; i++) {
        numbers[i] = from + random.nextLong(span);
      }
      Map<Long, Long> expected =
          Arrays.stream(numbers, 0, length)
              .boxed()
              .collect(Collectors.groupingBy(n -> n, TreeMap::new, Collectors.counting()));
      counts.count(numbers, length);
      Map<Long, Long> found = new TreeMap<>();
      for (int i = 0; i < counts.size(); i++) {
        found.put(counts.number(i), (long) counts.count(i));
        assertThat(i == 0 || counts.number(i - 1) < counts.number(i)).isTrue();
      }
      assertThat(found).as("round " + round).isEqualTo(expected);
    }
  }
}
