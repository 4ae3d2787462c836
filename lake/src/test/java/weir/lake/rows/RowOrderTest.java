package weir.lake.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import weir.event.RawPosition;

final class RowOrderTest {
  @Property(tries = 200)
  void sortsAsAComparatorDoes(
      @ForAll @Size(max = 50) List<@IntRange(min = -3, max = 3) Integer> days,
      @ForAll long[] anyTimes) {
    int n = Math.min(days.size(), anyTimes.length);
    int[] day = days.stream().limit(n).mapToInt(Integer::intValue).toArray();
    long[] times = java.util.Arrays.copyOf(anyTimes, n);
    RowOrder order = new RowOrder(n);
    order.byLong(times);
    order.byInt(day);
    List<Integer> expected =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(row -> day[row])
                    .thenComparingLong(row -> times[row])
                    .thenComparingInt(row -> row))
            .toList();
    assertThat(IntStream.of(order.rows()).boxed().toList()).isEqualTo(expected);
  }

  @Property(tries = 200)
  void rawPositionsAreWrittenAsTheyPrintThemselves(
      @ForAll @net.jqwik.api.constraints.LongRange(min = 0) long position,
      @ForAll @IntRange(min = 0) int index) {
    RawPosition raw = new RawPosition(position, index);
    assertThat(new String(RawPositionText.utf8(raw), java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo(raw.toString());
  }
}
