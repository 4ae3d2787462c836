package weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Cuts beside arrays of numbers. */
class PositionsTest {
  private static final int PARTITIONS = 4;

  private static int[] random(Random random) {
    return IntStream.range(0, PARTITIONS).map(i -> random.nextInt(3)).toArray();
  }

  private static Positions positions(int[] numbers) {
    Positions positions = Positions.START;
    for (int i = 0; i < numbers.length; i++) {
      positions = positions.with(i, new Position(numbers[i]));
    }
    return positions;
  }

  private static int[] each(java.util.function.IntUnaryOperator operator) {
    return IntStream.range(0, PARTITIONS).map(operator).toArray();
  }

  @Property(tries = 300)
  void theyCompareAndMergePartitionByPartition(@ForAll long seed) {
    Random random = new Random(seed);
    int[] one = random(random);
    int[] two = random(random);
    Positions first = positions(one);
    Positions second = positions(two);
    assertThat(first.covers(second))
        .isEqualTo(IntStream.range(0, PARTITIONS).allMatch(i -> one[i] >= two[i]));
    assertThat(first.later(second)).isEqualTo(positions(each(i -> Math.max(one[i], two[i]))));
    assertThat(first.earlier(second)).isEqualTo(positions(each(i -> Math.min(one[i], two[i]))));
    assertThat(first.equals(second)).isEqualTo(java.util.Arrays.equals(one, two));
    assertThat(Positions.parse(first.toString())).isEqualTo(first).hasSameHashCodeAs(first);
  }

  @Test
  void oneWithoutPartitionsReadsAsItsPosition() {
    assertThat(Positions.of(new Position(10))).hasToString("000000000000000a");
    assertThat(Positions.parse("000000000000000a")).isEqualTo(Positions.of(new Position(10)));
    assertThat(Positions.START).hasToString("0000000000000000");
    assertThat(Positions.of(2, new Position(10)).with(0, new Position(1)))
        .hasToString("0.0000000000000001,2.000000000000000a");
  }

  @Test
  void whatIsNoCutIsRefused() {
    for (String text : new String[] {"", "x", "1.x", "-1.1", "1.1,1.2", "1.1,", "1.1,2"}) {
      assertThatThrownBy(() -> Positions.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
