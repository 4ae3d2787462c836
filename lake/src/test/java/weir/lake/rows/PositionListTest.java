package weir.lake.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import weir.event.Position;

class PositionListTest {
  private static Position random(Random random, boolean wide) {
    return wide && random.nextInt(3) == 0
        ? Position.of(new BigInteger(Position.BYTES * Byte.SIZE, random))
        : new Position(random.nextInt(1_000));
  }

  @Property(tries = 200)
  void countsAsASortedSetDoes(@ForAll long seed, @ForAll boolean wide) {
    Random random = new Random(seed);
    TreeSet<Position> expected = new TreeSet<>();
    int size = random.nextInt(400);
    for (int i = 0; i < size; i++) {
      expected.add(random(random, wide));
    }
    PositionList list = new PositionList();
    for (Position each : expected) {
      list.requireAfterLast(each);
      list.add(each);
    }
    for (int i = 0; i < 50; i++) {
      Position asked = random(random, wide);
      assertThat(list.countBefore(asked)).isEqualTo(expected.headSet(asked).size());
    }
    if (!expected.isEmpty()) {
      assertThatThrownBy(() -> list.requireAfterLast(expected.last()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
