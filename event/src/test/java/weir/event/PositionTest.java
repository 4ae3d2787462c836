package weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Positions beside the numbers that they are. */
class PositionTest {
  private static BigInteger number(Random random) {
    return new BigInteger(random.nextInt(Position.BYTES * Byte.SIZE + 1), random);
  }

  @Property(tries = 500)
  void theyAreOrderedAsTheirNumbers(@ForAll long seed) {
    Random random = new Random(seed);
    BigInteger first = number(random);
    BigInteger second = random.nextBoolean() ? number(random) : first.add(BigInteger.ONE).abs();
    if (second.bitLength() > Position.BYTES * Byte.SIZE) {
      second = BigInteger.ZERO;
    }
    Position one = Position.of(first);
    Position other = Position.of(second);
    assertThat(Integer.signum(one.compareTo(other))).isEqualTo(first.compareTo(second));
    assertThat(one.isBefore(other)).isEqualTo(first.compareTo(second) < 0);
    assertThat(one.number()).isEqualTo(first);
    assertThat(one.isWide()).isEqualTo(first.bitLength() > 63);
    if (one.isWide() == other.isWide()) {
      assertThat(Integer.signum(one.toString().compareTo(other.toString())))
          .isEqualTo(first.compareTo(second));
    }
  }

  @Property(tries = 500)
  void textAndBytesComeBack(@ForAll long seed) {
    Position position = Position.of(number(new Random(seed)));
    assertThat(Position.parse(position.toString())).isEqualTo(position);
    assertThat(Position.of(position.bytes())).isEqualTo(position);
  }

  @Property(tries = 500)
  void rawPositionsComeBackAndSortAsTheirTexts(@ForAll long seed) {
    Random random = new Random(seed);
    int partition = random.nextInt(3);
    int index = random.nextInt(1_000_000);
    RawPosition one = new RawPosition(partition, new Position(random.nextInt(4)), index);
    RawPosition other =
        new RawPosition(partition, new Position(random.nextInt(4)), random.nextInt(1_000_000));
    assertThat(RawPosition.parse(one.toString())).isEqualTo(one);
    assertThat(Integer.signum(one.compareTo(other)))
        .isEqualTo(Integer.signum(one.toString().compareTo(other.toString())));
  }

  @Test
  void textsAreAsTheyWereAndNameOtherPartitions() {
    assertThat(new RawPosition(10, 2)).hasToString("000000000000000a-000002");
    assertThat(new RawPosition(12, new Position(10), 2)).hasToString("12.000000000000000a-000002");
    assertThat(Position.of(BigInteger.TWO.pow(64)))
        .hasToString("000000000000000000000000000000010000000000000000");
  }

  @Test
  void whatIsNoPositionIsRefused() {
    assertThatThrownBy(() -> new Position(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Position.of(BigInteger.TWO.pow(192)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Position.of(BigInteger.TWO.pow(63)).value())
        .isInstanceOf(ArithmeticException.class);
    for (String text : new String[] {"", "x", "-1", "8000000000000000", "0".repeat(20)}) {
      assertThatThrownBy(() -> Position.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String text : new String[] {"", "1", ".1-2", "-1.1-2", "1-", "x.1-2", "1.-000001"}) {
      assertThatThrownBy(() -> RawPosition.parse(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
